// The PARAM part: which keywords there are, what each may hold, and which ones must be there.
// A new keyword is one row here and one field in types.ts.
import { type ReadCommand, readCommand } from './command.ts';
import { ipckeyNumber, type NumberRule, readNumber, seconds, wholeSeconds } from './numbers.ts';
import { isAbsolutePath } from './paths.ts';
import type { Report } from './report.ts';
import type { Span } from './span.ts';
import type { Parameters } from './types.ts';

export type ParameterLine = {
  readonly kind: 'parameter';
  readonly keyword: Span;
  /** The known keyword that this is, or was meant to be. */
  readonly meant: string;
  readonly value: Span;
};

export type ReadParameters = {
  readonly values: Parameters;
  /** Where SHM_DUMP_FILE's value stands, when it is usable. */
  readonly dumpFile: Span | undefined;
  /** SHUTDOWN_COMMAND, when it is usable. */
  readonly shutdownCommand: ReadCommand | undefined;
};

type Row = {
  readonly keyword: string;
  /** An example for who forgot it; only required keywords have one. */
  readonly example?: string;
  read(value: Span, report: Report): Read;
};

type Read = Partial<Parameters> & { readonly command?: ReadCommand };

/** Also what stands in for a bad value, so that reading can go on: a pfile with an error is never handed out. */
const DEFAULTS: Parameters = {
  ipckey: 0,
  msgCheckIntervalSeconds: 5,
  monitorIntervalSeconds: 10,
  shmDumpFile: '',
  shutdownCommand: undefined,
  loopAlarmSeconds: 0,
};

const ROWS: readonly Row[] = [
  {
    ...numberRow('IPCKEY', ipckeyNumber(), DEFAULTS.ipckey, (ipckey) => ({ ipckey })),
    example: 'IPCKEY 0x1f000101',
  },
  numberRow(
    'MSG_CHECK_INTERVAL',
    wholeSeconds(1, 3600),
    DEFAULTS.msgCheckIntervalSeconds,
    (msgCheckIntervalSeconds) => ({ msgCheckIntervalSeconds }),
  ),
  numberRow(
    'MONITOR_INTERVAL',
    seconds(0.1, 86_400),
    DEFAULTS.monitorIntervalSeconds,
    (monitorIntervalSeconds) => ({ monitorIntervalSeconds }),
  ),
  {
    keyword: 'SHM_DUMP_FILE',
    example: 'SHM_DUMP_FILE /var/opt/HA/PS/log/pfile_NAME.dump',
    read: (value, report) =>
      isAbsolutePath('SHM_DUMP_FILE', value, report) ? { shmDumpFile: value.raw } : {},
  },
  {
    keyword: 'SHUTDOWN_COMMAND',
    read(value, report) {
      // Taken literally, as every value of PARAM.
      const command = readCommand('SHUTDOWN_COMMAND', value, report, (word) => word);
      return command ? { shutdownCommand: command.script, command } : {};
    },
  },
  numberRow('LOOP_ALARM', wholeSeconds(0, 86_400), DEFAULTS.loopAlarmSeconds, (loopAlarmSeconds) => ({
    loopAlarmSeconds,
  })),
];

export const PARAMETER_KEYWORDS: readonly string[] = ROWS.map((row) => row.keyword);

export function readParameters(lines: readonly ParameterLine[], report: Report): ReadParameters {
  const firstLines = new Map<string, number>();
  let values = DEFAULTS;
  let dumpFile: Span | undefined;
  let shutdownCommand: ReadCommand | undefined;
  for (const { keyword, meant, value } of lines) {
    const row = ROWS.find((candidate) => candidate.keyword === meant);
    const firstLine = firstLines.get(meant);
    if (row === undefined) continue;
    if (firstLine !== undefined) {
      report.error(
        keyword,
        'duplicate-keyword',
        `${meant} was given before, in line ${firstLine}: keep only one`,
      );
    }
    firstLines.set(meant, firstLine ?? keyword.line);
    if (value.raw === '') {
      report.error(value, 'missing-value', `${meant} has no value (expected "${meant} VALUE")`);
      continue;
    }
    const { command, ...read } = row.read(value, report);
    values = { ...values, ...read };
    if (read.shmDumpFile !== undefined) dumpFile = value;
    if (command !== undefined) shutdownCommand = command;
  }
  reportMissing(firstLines, report);
  // A bad one is there all the same: the action that needs it is no mistake.
  if (firstLines.has('SHUTDOWN_COMMAND') && values.shutdownCommand === undefined) {
    values = { ...values, shutdownCommand: { path: '', arguments: [] } };
  }
  return { values, dumpFile, shutdownCommand };
}

function numberRow(
  keyword: string,
  rule: NumberRule,
  whenBad: number,
  toValues: (value: number) => Partial<Parameters>,
): Row {
  return { keyword, read: (value, report) => toValues(readNumber(keyword, value, rule, whenBad, report)) };
}

/** What the whole file lacks has no place of its own: it is reported at its beginning. */
function reportMissing(given: ReadonlyMap<string, number>, report: Report): void {
  for (const { keyword, example } of ROWS) {
    if (example === undefined || given.has(keyword)) continue;
    const text = `${keyword} is missing (it is required): add a line such as "${example}"`;
    report.error({ line: 1, column: 1 }, 'missing-keyword', text);
  }
}
