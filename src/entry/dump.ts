// The dump file as text, and back: the last known state of all entries (SPEC 7). When it is written is the
// monitor's business; whether the file that it was read from may be believed is the reader's.
import * as z from 'zod/mini';
import { visible } from '../log/visible.ts';
import { type Snapshot, snapshotSchema } from './snapshot.ts';

const FORMAT = 'psaver.dump/1';
const ANY_FORMAT = /^psaver\.dump\//;

export function dumpText(snapshot: Snapshot): string {
  return `${JSON.stringify({ format: FORMAT, ...snapshot }, null, 2)}\n`;
}

/** What the text says, or why it is no dump of ours. */
export function parseDump(text: string): Snapshot | { readonly problem: string } {
  if (text === '') return { problem: 'it is empty' };
  const content = parseJson(text);
  if (content === undefined) return { problem: 'it is torn, or no dump file' };
  const format = formatSchema.safeParse(content).data?.format;
  if (format === undefined || !ANY_FORMAT.test(format)) return { problem: 'it is no dump file of pcheck' };
  if (format !== FORMAT) {
    return { problem: `it is of another version of psaver (${visible(format)}, expected ${FORMAT})` };
  }
  const parsed = snapshotSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') ?? ''} is not what pcheck writes there` };
}

const formatSchema = z.object({ format: z.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // SyntaxError: it broke off, or was never JSON.
    return undefined;
  }
}
