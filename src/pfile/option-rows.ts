// Which options a PENT line can have, and what each may hold. How they go together, and the defaults, are in
// options.ts. A new option is one row here and one field in types.ts.
import { type ReadCommand, readCommand } from './command.ts';
import { type NumberRule, readNumber, seconds, wholeNumber } from './numbers.ts';
import { isAbsolutePath } from './paths.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { type Span, trimBlanks, unescapeField } from './span.ts';
import { readStrings } from './strings.ts';
import type { Pent } from './types.ts';

/** What the options of one line say. A bad value leaves its stand-in: a pfile with an error is never handed out. */
export type GivenOptions = Partial<
  Pick<
    Pent,
    | 'includeStrings'
    | 'excludeStrings'
    | 'containers'
    | 'minProcCount'
    | 'maxProcCount'
    | 'restartTimeoutSeconds'
    | 'restartIntervalSeconds'
    | 'startWaitSeconds'
    | 'restartDelaySeconds'
  > & {
    /** Where they stand: only the host can tell more. */
    user: Span | undefined;
    exe: Span;
    pidfile: Span;
    checkCommand: ReadCommand | undefined;
    checkIntervalSeconds: number;
    checkTimeoutSeconds: number;
    checkFails: number;
    retryOverCommand: ReadCommand | undefined;
  }
>;

type Row = {
  readonly key: string;
  /** A value that holds strings gets its blanks; the others come trimmed. */
  readonly keepsBlanks?: true;
  read(value: Span, report: Report): GivenOptions;
};

const PROC_COUNT_MAX = 100_000;
const PROC_COUNT = wholeNumber(1, PROC_COUNT_MAX);
const DURATION = seconds(0, 86_400);
/** Checks of an entry never overlap, so one without a limit could be the last; and none may run all the time. */
const CHECK_DURATION = seconds(0.1, 86_400);
const CHECK_FAILS = wholeNumber(1, 1000);

export const OPTION_ROWS: readonly Row[] = [
  stringsRow('include_strings', (includeStrings) => ({ includeStrings })),
  stringsRow('exclude_strings', (excludeStrings) => ({ excludeStrings })),
  { key: 'user', read: (value, report) => ({ user: readUser(value, report) }) },
  pathRow('exe', (exe) => ({ exe })),
  pathRow('pidfile', (pidfile) => ({ pidfile })),
  { key: 'containers', read: (value, report) => ({ containers: readContainers(value, report) }) },
  numberRow('min_proc_count', PROC_COUNT, 1, (minProcCount) => ({ minProcCount })),
  numberRow('max_proc_count', PROC_COUNT, PROC_COUNT_MAX, (maxProcCount) => ({ maxProcCount })),
  numberRow('restart_timeout', DURATION, 0, (restartTimeoutSeconds) => ({ restartTimeoutSeconds })),
  numberRow('restart_interval', DURATION, 0, (restartIntervalSeconds) => ({ restartIntervalSeconds })),
  numberRow('start_wait', DURATION, 0, (startWaitSeconds) => ({ startWaitSeconds })),
  numberRow('restart_delay', DURATION, 0, (restartDelaySeconds) => ({ restartDelaySeconds })),
  commandRow('check_cmd', (checkCommand) => ({ checkCommand })),
  numberRow('check_interval', CHECK_DURATION, 0, (checkIntervalSeconds) => ({ checkIntervalSeconds })),
  numberRow('check_timeout', CHECK_DURATION, 0, (checkTimeoutSeconds) => ({ checkTimeoutSeconds })),
  numberRow('check_fails', CHECK_FAILS, 0, (checkFails) => ({ checkFails })),
  commandRow('retry_over_cmd', (retryOverCommand) => ({ retryOverCommand })),
];

export const OPTION_KEYS: readonly string[] = OPTION_ROWS.map((row) => row.key);

function stringsRow(key: string, toOptions: (strings: string[]) => GivenOptions): Row {
  return { key, keepsBlanks: true, read: (value, report) => toOptions(readStrings(key, value, report)) };
}

function numberRow(
  key: string,
  rule: NumberRule,
  standIn: number,
  toOptions: (value: number) => GivenOptions,
): Row {
  return {
    key,
    read: (value, report) => toOptions(readNumber(`option ${key}`, value, rule, standIn, report)),
  };
}

function pathRow(key: string, toOptions: (path: Span) => GivenOptions): Row {
  return {
    key,
    read(value, report) {
      isAbsolutePath(`option ${key}`, value, report);
      return toOptions({ ...value, raw: unescapeField(value.raw) });
    },
  };
}

function commandRow(key: string, toOptions: (command: ReadCommand | undefined) => GivenOptions): Row {
  return { key, read: (value, report) => toOptions(readCommand(key, value, report)) };
}

function readUser(value: Span, report: Report): Span | undefined {
  if (value.raw !== '') return { ...value, raw: unescapeField(value.raw) };
  report.error(value, 'missing-value', 'option user has no value (expected the name or the uid of a user)');
  return undefined;
}

function readContainers(value: Span, report: Report): Pent['containers'] {
  if (value.raw === 'include' || value.raw === 'exclude') return value.raw;
  const text = `option containers is include or exclude (got ${quote(value.raw)})`;
  report.error(value, 'bad-value', text);
  return 'exclude';
}

export function readOptionValue(row: Row, value: Span, report: Report): GivenOptions {
  return row.read(row.keepsBlanks ? value : trimBlanks(value), report);
}
