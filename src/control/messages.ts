// What pcheck answers: one JSON line, checked where it arrives. What padmin asks is question.ts.
import * as z from 'zod/mini';
import { type EntryReport, moment, snapshotSchema } from '../entry/snapshot.ts';
import { parseJson } from './question.ts';

const text = z.string();
const seconds = z.number();

const paramSchema = z.object({
  pfile: text,
  ipckey: z.int(),
  msgCheckIntervalSeconds: seconds,
  monitorIntervalSeconds: seconds,
  shmDumpFile: text,
  shutdownCommand: z.nullable(text),
  loopAlarmSeconds: seconds,
  pcheckPid: z.int(),
  startedAt: moment,
  version: text,
  longestTurnMilliseconds: z.object({ lastHour: z.number(), sinceStart: z.number() }),
  /** When the answer was given. */
  takenAt: moment,
});
export type ParamReport = z.infer<typeof paramSchema>;

const responseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pents'), snapshot: snapshotSchema }),
  z.object({ kind: z.literal('param'), param: paramSchema }),
  z.object({ kind: z.literal('done'), text }),
  z.object({ kind: z.literal('refused'), status: z.int(), text }),
]);
export type Response = z.infer<typeof responseSchema>;

/** Undefined when the line is no response of this protocol. */
export function parseResponse(line: string): Response | undefined {
  return responseSchema.safeParse(parseJson(line)).data;
}

export function noSuchPent(pentId: number, pents: readonly EntryReport[]): string {
  return `there is no pent_id ${pentId} (1 to ${pents.length})`;
}
