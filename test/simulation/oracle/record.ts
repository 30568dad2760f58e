// What a record on the disk says, read apart from src/monitor: whether it may be taken up, and each entry's
// counters (SPEC 7).
import type { Pfile } from '../../../src/pfile/types.ts';
import { RECORD_PATH, type SimulatedSystem } from '../../../src/system/simulated/system.ts';

export type Recorded = {
  readonly retryCount: number;
  readonly restartCount: number;
  readonly isOn: boolean;
  readonly status: 'INIT' | 'AVAIL' | 'RESTART' | 'UNAVAIL';
  readonly isRunning: boolean;
  /** In the environment of its last script. */
  readonly token: string | undefined;
  readonly since: number | undefined;
  readonly lastRunAt: number | undefined;
  readonly pid: number | undefined;
  readonly startTicks: number | undefined;
  readonly checkFails: number;
  readonly isEnding: boolean;
  readonly isLeftToAnother: boolean;
  readonly stalled: { readonly pid: number; readonly startTicks: number } | undefined;
  readonly hasNoLimit: boolean;
  readonly limitUntil: number | undefined;
  readonly terminatedAt: number | undefined;
};

type ReadRecord = {
  readonly usable: 'yes' | 'no';
  /** By identity (entry.ts). */
  readonly entries: ReadonlyMap<string, Recorded>;
  readonly writtenAt: number;
};

const NONE: ReadRecord = { usable: 'no', entries: new Map(), writtenAt: -1 };
const STATUS = { looking: 'INIT', watching: 'AVAIL', absent: 'UNAVAIL' } as const;
const TERM_TO_KILL_MILLISECONDS = 10_000;

export function readRecord(system: SimulatedSystem, pfile: Pfile | undefined): ReadRecord {
  const text = system.disk.get(RECORD_PATH);
  if (text === undefined) return NONE;
  let record: ReturnType<typeof parse>;
  try {
    record = parse(text);
  } catch {
    // SyntaxError: torn.
    return NONE;
  }
  const entries = new Map(
    record.entries.map(({ key, state, token, isEnding }) => [
      identityOfKey(key),
      recordedOf(state, token, isEnding),
    ]),
  );
  const gap = system.clock.now().monotonic - record.writtenAt;
  const longest = longestGapMilliseconds(pfile);
  if (record.bootId !== system.bootId || gap < 0 || gap > longest)
    return { usable: 'no', entries, writtenAt: record.writtenAt };
  return { usable: 'yes', entries, writtenAt: record.writtenAt };
}

/** A world starts no pcheck within a tenth of a second of this limit, where rounding would decide. */
export function isNearLongestGap(system: SimulatedSystem, pfile: Pfile): boolean {
  const { writtenAt } = readRecord(system, pfile);
  return Math.abs(system.clock.now().monotonic - writtenAt - longestGapMilliseconds(pfile)) < 100;
}

function longestGapMilliseconds(pfile: Pfile | undefined): number {
  return Math.max(60, 3 * (pfile?.parameters.monitorIntervalSeconds ?? 0)) * 1000;
}

type State = {
  retryCount: number;
  restartCount: number;
  monitoring: string;
  lastRunAt?: number;
  stalled?: { pid: number; startTicks: number };
  phase: {
    is: string;
    because?: string;
    since?: number;
    process?: { pid: number; startTicks: number };
    check?: { fails?: number };
    limit?: { is: string; until?: number };
  };
};

type Part = { key?: undefined; bootId: string; writtenAt: number } | RecordedPart;
type RecordedPart = { key: string; state: State; token?: string; isEnding: boolean };

/** Line by line, the later one holds; what a killed pcheck has not come to the end of does not count. */
function parse(text: string) {
  const [first = '', ...lines] = text.split('\n');
  const entries = new Map<string, RecordedPart>();
  let head = { bootId: '', writtenAt: -1 };
  let open: RecordedPart[] = [];
  for (const line of lines.slice(0, -1)) {
    // The record is pcheck's own; what is torn throws.
    const part = JSON.parse(line.slice(line.indexOf(' '))) as Part;
    if (part.key !== undefined) {
      open.push(part);
      continue;
    }
    head = part;
    for (const entry of open) entries.set(entry.key, entry);
    open = [];
  }
  if (lines.length < Number(first.split(' ').at(-1)) + 2) throw new SyntaxError('torn');
  return { ...head, entries: [...entries.values()] };
}

function recordedOf(
  { retryCount, restartCount, monitoring, lastRunAt, stalled, phase }: State,
  token: string | undefined,
  isEnding: boolean,
): Recorded {
  const { is, since, process, check, limit } = phase;
  return {
    retryCount,
    restartCount,
    isOn: monitoring === 'on',
    // A phase that is none of these is one of a restart.
    status: STATUS[is as keyof typeof STATUS] ?? 'RESTART',
    isRunning: is === 'running',
    token,
    since,
    lastRunAt,
    pid: process?.pid,
    startTicks: process?.startTicks,
    checkFails: check?.fails ?? 0,
    isEnding,
    isLeftToAnother: phase.because === 'shared',
    stalled,
    hasNoLimit: limit?.is === 'none',
    limitUntil: limit?.is === 'in-time' || limit?.is === 'put-off' ? limit.until : undefined,
    terminatedAt: terminatedAt(limit),
  };
}

function terminatedAt(limit: State['phase']['limit']): number | undefined {
  if (limit?.is === 'terminated') return (limit.until ?? 0) - TERM_TO_KILL_MILLISECONDS;
  // Long enough ago: whether the SIGKILL was sent, nobody knows.
  return limit?.is === 'killed' ? -Infinity : undefined;
}

function identityOfKey(key: string): string {
  const [name, included, excluded, uid, exe, pidfile, containers] = JSON.parse(key) as unknown[];
  const strings = [included, excluded].map((list) => (list as string[]).join('&'));
  return [name, ...strings, uid, exe, pidfile, containers].map((part) => part ?? '').join(' | ');
}
