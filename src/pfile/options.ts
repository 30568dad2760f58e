// The options at the end of a PENT line, `key=value` each: finds them, says what does not go together, fills in
// the defaults. What each may hold is in option-rows.ts.
import type { ReadCommand } from './command.ts';
import { explainLookalike, foldLookalikes } from './lookalikes.ts';
import { nearest } from './nearest.ts';
import { type GivenOptions, OPTION_KEYS, OPTION_ROWS, readOptionValue } from './option-rows.ts';
import { firstContained } from './parse/first-contained.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { cut, type Span, trimBlanks } from './span.ts';
import type { Parameters, Pent } from './types.ts';

type PentFields = 'id' | 'line' | 'name' | 'script' | 'graceSeconds' | 'retry' | 'action';

export type ReadOptions = {
  /** `uid` is still open, and `exe` as it is written: only the host can tell. */
  readonly values: Omit<Pent, PentFields>;
  readonly user: Span | undefined;
  readonly exe: Span | undefined;
  readonly pidfile: Span | undefined;
  readonly commands: readonly ReadCommand[];
};

/** Each option that was given and is known, with its key's place. */
type Places = ReadonlyMap<string, Span>;

const RESTART_TIMEOUT_SECONDS_DEFAULT = 300;
/** A short MONITOR_INTERVAL means "look often", not "give up early": the defaults that follow it are not shorter. */
const MIN_DEFAULT_START_WAIT_SECONDS = 10;
const MIN_DEFAULT_RESTART_INTERVAL_SECONDS = 1;
const CHECK_INTERVAL_SECONDS_DEFAULT = 60;
const CHECK_TIMEOUT_SECONDS_DEFAULT = 30;
const CHECK_FAILS_DEFAULT = 3;

export function readOptions(fields: readonly Span[], parameters: Parameters, report: Report): ReadOptions {
  const [given, places] = readFields(fields, report);
  reportConflicts(given, places, report);
  const { user, exe, pidfile, checkCommand, retryOverCommand } = given;
  const commands = [checkCommand, retryOverCommand].filter((command) => command !== undefined);
  return { values: withDefaults(given, parameters), user, exe, pidfile, commands };
}

function readFields(fields: readonly Span[], report: Report): [GivenOptions, Places] {
  const places = new Map<string, Span>();
  let given: GivenOptions = {};
  for (const field of fields) {
    const equals = field.raw.indexOf('=');
    if (equals === -1) {
      reportNoOption(field, report);
      continue;
    }
    const key = trimBlanks(cut(field, 0, equals));
    const row = OPTION_ROWS.find((candidate) => candidate.key === key.raw);
    if (row === undefined) {
      reportUnknown(key, report);
      continue;
    }
    const first = places.get(row.key);
    if (first !== undefined) {
      const text = `option ${row.key} was given before, in column ${first.column}: keep only one`;
      report.error(key, 'duplicate-option', text);
    }
    places.set(row.key, first ?? key);
    given = { ...given, ...readOptionValue(row, cut(field, equals + 1), report) };
  }
  return [given, places];
}

function reportConflicts(given: GivenOptions, places: Places, report: Report): void {
  const { minProcCount = 1, maxProcCount = minProcCount, includeStrings = [], excludeStrings = [] } = given;
  const max = places.get('max_proc_count');
  if (max && maxProcCount < minProcCount) {
    const text = `max_proc_count ${maxProcCount} is below min_proc_count ${minProcCount}: raise it or leave it out`;
    report.error(max, 'out-of-range', text);
  }
  const contrary = firstContained(excludeStrings, includeStrings);
  const exclude = places.get('exclude_strings');
  if (exclude && contrary !== undefined) {
    const text = `exclude_strings has ${quote(contrary)}, which include_strings asks for: nothing can match`;
    report.error(exclude, 'never-matches', text);
  }
  for (const key of ['check_interval', 'check_timeout', 'check_fails']) {
    const place = places.get(key);
    if (place === undefined || places.has('check_cmd')) continue;
    const text = `option ${key} says how to run check_cmd, but there is none: add check_cmd=/path or remove it`;
    report.error(place, 'no-check-cmd', text);
  }
}

function withDefaults(given: GivenOptions, { monitorIntervalSeconds }: Parameters): ReadOptions['values'] {
  const { checkCommand, retryOverCommand } = given;
  return {
    includeStrings: given.includeStrings ?? [],
    excludeStrings: given.excludeStrings ?? [],
    uid: undefined,
    exe: given.exe?.raw,
    pidfile: given.pidfile?.raw,
    containers: given.containers ?? 'exclude',
    minProcCount: given.minProcCount ?? 1,
    maxProcCount: given.maxProcCount,
    restartTimeoutSeconds: given.restartTimeoutSeconds ?? RESTART_TIMEOUT_SECONDS_DEFAULT,
    restartIntervalSeconds:
      given.restartIntervalSeconds ?? Math.max(monitorIntervalSeconds, MIN_DEFAULT_RESTART_INTERVAL_SECONDS),
    startWaitSeconds:
      given.startWaitSeconds ?? Math.max(monitorIntervalSeconds, MIN_DEFAULT_START_WAIT_SECONDS),
    restartDelaySeconds: given.restartDelaySeconds ?? 0,
    check: checkCommand && {
      command: checkCommand.script,
      intervalSeconds: given.checkIntervalSeconds ?? CHECK_INTERVAL_SECONDS_DEFAULT,
      timeoutSeconds: given.checkTimeoutSeconds ?? CHECK_TIMEOUT_SECONDS_DEFAULT,
      fails: given.checkFails ?? CHECK_FAILS_DEFAULT,
    },
    retryOverCommand: retryOverCommand?.script,
  };
}

function reportNoOption(field: Span, report: Report): void {
  if (field.raw === '') {
    report.warning(field, 'empty-option', 'an empty option, ignored: remove the extra ":"');
    return;
  }
  const folded = foldLookalikes(field.raw).indexOf('=');
  if (folded !== -1) {
    const sign = cut(field, folded, folded + 1);
    report.error(sign, 'lookalike', `the option has ${explainLookalike(sign.raw)}`);
  } else {
    const text = `an option without "=" (expected key=value, got ${quote(field.raw)})`;
    report.error(field, 'bad-option', `${text}: write a ":" that belongs to a value as "\\:"`);
  }
}

function reportUnknown(key: Span, report: Report): void {
  report.error(key, 'unknown-option', () => {
    const guess = nearest(foldLookalikes(key.raw), OPTION_KEYS);
    const text = `unknown option ${quote(key.raw)}`;
    return guess ? `${text}, did you mean ${guess}?` : `${text} (expected one of ${OPTION_KEYS.join(', ')})`;
  });
}
