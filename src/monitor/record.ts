// The record of what has been decided, as text: made before each spawn, read by the pcheck that takes over
// from one that was killed (SPEC 7). What is taken up from it, and when, is decided in resume.ts.
import type { Entry } from '../entry/types.ts';
import type { Lineages } from '../process/types.ts';
import { recordSchema } from './record-schema.ts';

/** Everything of an entry but its PENT line, which the pfile gives again. */
export type RecordedEntry = {
  /** By this the entry is found in the pfile, which may have changed (sameEntryKey). */
  readonly key: string;
  readonly state: Omit<Entry, 'pent'>;
  /** The token in the environment of its script in progress. */
  readonly token: string | undefined;
  readonly lineages: Lineages;
  readonly isEnding: boolean;
  /** The entry that restarts the process which this one held too, by its key. */
  readonly sharedWith: string | undefined;
};

export type StateRecord = {
  readonly bootId: string;
  readonly pfile: string;
  readonly pcheckPid: number;
  /** Monotonic milliseconds. */
  readonly writtenAt: number;
  /** When all entries were looked at the last time. */
  readonly checkedAt: number;
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
