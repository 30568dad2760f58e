// The PARAM values that padmin needs, found in a pfile that may be broken elsewhere, and what an IPCKEY
// may be. Of a pfile that pcheck takes they are the values that pcheck has (parameters.ts). padmin starts for every command, so this file must stay small: no zod here.
import { splitLines } from './lines.ts';
import { trimBlanks } from './span.ts';

export const IPCKEY_PATTERN = /^0[xX][0-9a-fA-F]+$/;
export const IPCKEY_MIN = 0x1;
export const IPCKEY_MAX = 0xffffffff;

/** The first valid IPCKEY line's value, whatever the other lines are. */
export function readIpckeyLeniently(text: string): number | undefined {
  return splitLines(text)
    .map(ipckeyOfLine)
    .find((key) => key !== undefined);
}

/** Seconds that padmin waits for an answer; the default where the pfile has no usable value. */
export function readMsgCheckIntervalLeniently(text: string): number {
  const seconds = Number(
    splitLines(text)
      .map((line) => valueOfKeyword('MSG_CHECK_INTERVAL', line))
      .find(isSeconds),
  );
  return seconds >= 1 && seconds <= MSG_CHECK_INTERVAL_MAX_SECONDS
    ? seconds
    : MSG_CHECK_INTERVAL_DEFAULT_SECONDS;
}

/** The first usable SHM_DUMP_FILE line's value: taken literally, blanks and tabs within it too. */
export function readShmDumpFileLeniently(text: string): string | undefined {
  return splitLines(text)
    .map(dumpFileOfLine)
    .find((path) => path?.startsWith('/') && !/(?!\t)\p{Cc}/u.test(path));
}

function dumpFileOfLine(line: string): string | undefined {
  const { raw } = trimBlanks({ line: 1, column: 1, raw: line });
  return /^SHM_DUMP_FILE[ \t]/.test(raw)
    ? raw.slice('SHM_DUMP_FILE'.length).replace(/^[ \t]+/, '')
    : undefined;
}

const MSG_CHECK_INTERVAL_MAX_SECONDS = 3600;
const MSG_CHECK_INTERVAL_DEFAULT_SECONDS = 5;

function isSeconds(value: string | undefined): boolean {
  return value !== undefined && /^\d+$/.test(value);
}

function ipckeyOfLine(line: string): number | undefined {
  const value = valueOfKeyword('IPCKEY', line);
  const key = value !== undefined && IPCKEY_PATTERN.test(value) ? Number(value) : 0;
  return key >= IPCKEY_MIN && key <= IPCKEY_MAX ? key : undefined;
}

function valueOfKeyword(keyword: string, line: string): string | undefined {
  const [first, value, ...rest] = line.split(/[ \t]+/).filter((word) => word !== '');
  return first === keyword && rest.length === 0 ? value : undefined;
}
