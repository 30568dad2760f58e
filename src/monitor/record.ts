// The record of what has been decided, as text: written before each spawn, read by the pcheck that takes over
// from one that was killed (SPEC 7). What is taken up from it, and when, is decided in resume.ts.
import type { Entry } from '../entry/types.ts';
import { hashWords } from '../process/hash.ts';
import type { Lineages, ProcessId } from '../process/types.ts';
import { recordSchema } from './record-schema.ts';

/** Everything of an entry but its PENT line, which the pfile gives again. */
export type RecordedEntry = {
  /** By this the entry is found in the pfile, which may have changed (sameEntryKey). */
  readonly key: string;
  readonly state: Omit<Entry, 'pent'>;
  /** The token in the environment of its script in progress. */
  readonly token: string | undefined;
  /** The process of that script, once it is known: found again whatever it has become by exec. */
  readonly script: ProcessId | undefined;
  readonly lineages: Lineages;
  readonly isEnding: boolean;
  /** The entry that restarts the process which this one held too, by its key. */
  readonly sharedWith: string | undefined;
};

export type RecordHead = {
  readonly bootId: string;
  readonly pfile: string;
  readonly pcheckPid: number;
  /** Monotonic milliseconds. */
  readonly writtenAt: number;
  /** When all entries were looked at the last time. */
  readonly checkedAt: number;
};

export type StateRecord = RecordHead & { readonly entries: readonly RecordedEntry[] };

const MAGIC = 'psaver-state 2';

/**
 * `MAGIC ENTRIES`, then a line for each entry, and the head, which closes what stands before it. Lines that are
 * added later say what has changed since, and are closed by a head of their own.
 */
export function recordText(entries: readonly string[], head: string): string {
  return `${MAGIC} ${entries.length}\n${entries.join('')}${head}`;
}

/** `CHECKSUM JSON` and a line end. */
export function recordLine(part: RecordHead | RecordedEntry): string {
  const text = JSON.stringify(part);
  return `${checksum(text)} ${text}\n`;
}

/** What the text says, or why it is no record of ours. */
export function parseRecord(text: string): StateRecord | { readonly problem: string } {
  // What comes behind the last line end, or the last head, was broken off with the pcheck that added it, and was never
  // acted upon.
  const [first = '', ...lines] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const [, entryCount] = new RegExp(`^${MAGIC} (\\d+)$`).exec(first) ?? [];
  if (entryCount === undefined) return { problem: 'it is not of this version of psaver' };
  const parts = lines.slice(0, -1).map(partOf);
  if (parts.includes(undefined)) return { problem: 'it is torn' };
  const closed = parts.slice(0, parts.findLastIndex((part) => !isEntry(part)) + 1);
  if (closed.length < Number(entryCount) + 1) return { problem: 'it is torn' };
  const entries = new Map(closed.flatMap((part) => (isEntry(part) ? [[part.key, part]] : [])));
  const head = closed.at(-1);
  const parsed = recordSchema.safeParse({ ...head, entries: [...entries.values()] });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
  }
  return parsed.data;
}

function partOf(line: string): object | undefined {
  const text = line.slice(CHECKSUM_LENGTH + 1);
  if (checksum(text) !== line.slice(0, CHECKSUM_LENGTH)) return undefined;
  try {
    const part: unknown = JSON.parse(text);
    return typeof part === 'object' && part !== null ? part : undefined;
  } catch {
    // SyntaxError: somebody else's line with a checksum like ours.
    return undefined;
  }
}

function isEntry(part: object | undefined): part is { readonly key: unknown } {
  return part !== undefined && 'key' in part;
}

const CHECKSUM_LENGTH = 8;

/** Against torn writes, not against forgery (the directory is the owner's alone). */
function checksum(text: string): string {
  const bytes = Buffer.from(text);
  return (hashWords(bytes, 0, bytes.length) >>> 0).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
