// The record of what has been decided, as text: made before each spawn, read by the pcheck that takes over
// from one that was killed (SPEC 7). What is taken up from it, and when, is decided in resume.ts.
import * as z from 'zod';
import type { Entry, Phase } from '../entry/types.ts';
import type { Lineage } from '../process/types.ts';

/** Everything of an entry but its PENT line, which the pfile gives again. */
export type RecordedEntry = {
  /** By this the entry is found in the pfile, which may have changed (sameEntryKey). */
  readonly key: string;
  readonly state: Omit<Entry, 'pent'>;
  /** The token in the environment of its script in progress. */
  readonly token: string | undefined;
  readonly lineage: Lineage | undefined;
};

export type StateRecord = {
  readonly bootId: string;
  readonly pfile: string;
  readonly pcheckPid: number;
  /** Monotonic milliseconds. */
  readonly writtenAt: number;
  readonly entries: readonly RecordedEntry[];
};

const MAGIC = 'psaver-state 1';

/** `MAGIC LENGTH CHECKSUM`, a line end, then JSON of that many bytes: a torn or foreign one does not pass. */
export function recordText(record: Omit<StateRecord, 'entries'>, entries: readonly string[]): string {
  const body = `${JSON.stringify(record).slice(0, -1)},"entries":[${entries.join(',')}]}`;
  return `${MAGIC} ${Buffer.byteLength(body)} ${checksum(body)}\n${body}\n`;
}

export function recordedEntryText(entry: RecordedEntry): string {
  return JSON.stringify(entry);
}

/** What the text says, or why it is no record of ours. */
export function parseRecord(text: string): StateRecord | { readonly problem: string } {
  const newline = text.indexOf('\n');
  const [, length, sum] = new RegExp(`^${MAGIC} (\\d+) ([0-9a-f]{8})$`).exec(text.slice(0, newline)) ?? [];
  if (length === undefined || sum === undefined) return { problem: 'it is not of this version of psaver' };
  const body = Buffer.from(text.slice(newline + 1))
    .subarray(0, Number(length))
    .toString('utf8');
  if (checksum(body) !== sum) return { problem: 'it is torn' };
  const parsed = recordSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // SyntaxError: the schema refuses undefined.
    return undefined;
  }
}

/** FNV-1a: against torn writes, not against forgery (the directory is the owner's alone). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

const moment = z.number();
const count = z.int().min(0);
const processId = z.object({ pid: z.int().positive(), startTicks: count });

const limit = z.discriminatedUnion('is', [
  z.object({ is: z.literal('none') }),
  z.object({ is: z.literal('in-time'), until: moment }),
  z.object({ is: z.literal('terminated'), until: moment }),
  z.object({ is: z.literal('killed'), until: moment }),
  z.object({ is: z.literal('unkillable') }),
]);

const check = z.discriminatedUnion('is', [
  z.object({ is: z.literal('none') }),
  z.object({ is: z.literal('waiting'), at: moment, fails: count }),
  z.object({ is: z.literal('running'), check: count, fails: count }),
]);

const scriptResult = z.object({
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'unspawnable', 'unknown']),
  text: z.string(),
});

/** JSON has no undefined: a field that may be undefined is left out there. */
function maybe<Type extends z.ZodType>(type: Type) {
  return type.optional().transform((value) => value ?? undefined);
}

const phase: z.ZodType<Phase> = z.discriminatedUnion('is', [
  z.object({ is: z.literal('looking'), since: moment, until: moment, nextLookAt: moment }),
  z.object({
    is: z.literal('watching'),
    process: processId,
    since: moment,
    fewSince: maybe(moment),
    check,
  }),
  z.object({ is: z.literal('delaying'), until: moment }),
  z.object({ is: z.literal('holding'), until: moment }),
  z.object({ is: z.literal('running'), run: count, since: moment, process: maybe(processId), limit }),
  z.object({
    is: z.literal('appearing'),
    scriptSince: moment,
    until: moment,
    nextLookAt: moment,
    ended: scriptResult,
  }),
  z.object({ is: z.literal('absent'), because: z.enum(['retry-over', 'monitoring-off', 'shared']) }),
]);

const recordSchema = z.object({
  bootId: z.string(),
  pfile: z.string(),
  pcheckPid: z.int(),
  writtenAt: moment,
  entries: z.array(
    z.object({
      key: z.string(),
      state: z.object({
        phase,
        monitoring: z.enum(['on', 'off']),
        retryCount: count,
        restartCount: count,
        rerunAt: maybe(moment),
        lastRunAt: maybe(moment),
        lastPid: count,
        reason: z.enum(['not-found', 'down', 'too-few', 'stall']),
        stalled: maybe(processId),
        overChecks: count,
        recountMilliseconds: count,
        checks: count,
      }),
      token: maybe(z.string()),
      lineage: maybe(z.object({ session: z.int(), startStack: z.number(), startTicks: count })),
    }),
  ),
});
