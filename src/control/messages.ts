// What padmin and pcheck say to each other: one JSON line each way, checked at both ends. Protocol 1.
import * as z from 'zod/mini';
import { type EntryReport, moment, snapshotSchema } from '../entry/snapshot.ts';

const PROTOCOL = 1;

export const COMMANDS = ['show pent', 'show param', 'stop', 'start', 'reload', 'reset', 'shutdown'] as const;
export type CommandName = (typeof COMMANDS)[number];

const requestSchema = z.object({
  protocol: z.literal(PROTOCOL),
  /** The pfile's real path: the same IPCKEY in another pfile is another pcheck. */
  pfile: z.string().check(z.maxLength(4096)),
  command: z.enum(COMMANDS),
  pentId: z.optional(z.number().check(z.int(), z.positive())),
});
export type Request = z.infer<typeof requestSchema>;

const paramSchema = z.object({
  pfile: z.string(),
  ipckey: z.int(),
  msgCheckIntervalSeconds: z.number(),
  monitorIntervalSeconds: z.number(),
  shmDumpFile: z.string(),
  shutdownCommand: z.nullable(z.string()),
  loopAlarmSeconds: z.number(),
  pcheckPid: z.int(),
  startedAt: moment,
  version: z.string(),
  /** When the answer was given. */
  takenAt: moment,
});
export type ParamReport = z.infer<typeof paramSchema>;

const responseSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pents'), snapshot: snapshotSchema }),
  z.object({ kind: z.literal('param'), param: paramSchema }),
  z.object({ kind: z.literal('done'), text: z.string() }),
  z.object({ kind: z.literal('refused'), status: z.number(), text: z.string() }),
]);
export type Response = z.infer<typeof responseSchema>;

export function makeRequest(pfile: string, command: CommandName, pentId: number | undefined): string {
  const request: Request = { protocol: PROTOCOL, pfile, command };
  return JSON.stringify(pentId === undefined ? request : { ...request, pentId });
}

/** Undefined when the line is no request of this protocol. */
export function parseRequest(line: string): Request | undefined {
  return requestSchema.safeParse(parseJson(line)).data;
}

/** Undefined when the line is no response of this protocol. */
export function parseResponse(line: string): Response | undefined {
  return responseSchema.safeParse(parseJson(line)).data;
}

export function noSuchPent(pentId: number, pents: readonly EntryReport[]): string {
  return `there is no pent_id ${pentId} (1 to ${pents.length})`;
}

export function formatIpckey(ipckey: number): string {
  return `0x${ipckey.toString(16).padStart(8, '0')}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // SyntaxError: no JSON, so no message either.
    return undefined;
  }
}
