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

/** The text of one entry, made once, with its hash: so a record of a thousand entries is not read through for one that has changed. */
export type EntryText = {
  readonly text: string;
  readonly hash: number;
};

/** `MAGIC LENGTH CHECKSUM`, a line end, then JSON of that many bytes: a torn or foreign one does not pass. */
export function recordText(record: Omit<StateRecord, 'entries'>, entries: readonly EntryText[]): string {
  const head = JSON.stringify(record);
  const body = `${head.slice(0, -1)},"entries":[${entries.map(({ text }) => text).join(',')}]}`;
  const sum = checksum(
    head,
    entries.map(({ hash }) => hash),
  );
  return `${MAGIC} ${Buffer.byteLength(body)} ${sum}\n${body}\n`;
}

export function recordedEntryText(entry: RecordedEntry): EntryText {
  const text = JSON.stringify(entry);
  return { text, hash: hashOf(text) };
}

/** What the text says, or why it is no record of ours. */
export function parseRecord(text: string): StateRecord | { readonly problem: string } {
  const newline = text.indexOf('\n');
  const [, length, sum] = new RegExp(`^${MAGIC} (\\d+) ([0-9a-f]{8})$`).exec(text.slice(0, newline)) ?? [];
  if (length === undefined || sum === undefined) return { problem: 'it is not of this version of psaver' };
  const body = Buffer.from(text.slice(newline + 1)).subarray(0, Number(length));
  const raw = body.length < Number(length) ? undefined : parseJson(body.toString('utf8'));
  if (sumOf(raw) !== sum) return { problem: 'it is torn' };
  const parsed = recordSchema.safeParse(raw);
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

/** Of a record as it was written: JSON that is made of what JSON says is the same again. */
function sumOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('entries' in raw) || !Array.isArray(raw.entries)) {
    return undefined;
  }
  const { entries, ...head } = raw;
  return checksum(
    JSON.stringify(head),
    entries.map((entry) => hashOf(JSON.stringify(entry))),
  );
}

function checksum(head: string, hashes: readonly number[]): string {
  return (hashes.reduce((sum, hash) => mixed(sum, hash), hashOf(head)) >>> 0).toString(16).padStart(8, '0');
}

/** FNV-1a: against torn writes, not against forgery (the directory is the owner's alone). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = mixed(hash, text.charCodeAt(index));
  return hash;
}

function mixed(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}
