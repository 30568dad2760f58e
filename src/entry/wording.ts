// The phases of an entry in words: short, for a line about all entries, and as a sentence, for who asks about one.
import type { Pent } from '../pfile/types.ts';
import type { ProcessId } from '../process/types.ts';
import type { Entry } from './types.ts';

export type Wording = {
  /** Undefined when nothing is the matter. */
  readonly short: string | undefined;
  readonly sentence: string;
};

export function wordingOf(entry: Entry): Wording {
  const { phase, pent, monitoring } = entry;
  switch (phase.is) {
    case 'looking':
      return {
        short: 'looked for',
        sentence: `looked for during start_wait (${pent.startWaitSeconds} s)`,
      };
    case 'watching':
      return monitoring === 'on' ? THERE : THERE_UNWATCHED;
    case 'delaying':
      return {
        short: 'down, waits for restart_delay',
        sentence: `down; restart_delay (${pent.restartDelaySeconds} s) gives it time to come back by itself`,
      };
    case 'holding':
      return {
        short: 'down, waits for restart_interval',
        sentence: `down; the next restart waits for restart_interval (${pent.restartIntervalSeconds} s)`,
      };
    case 'running':
      return phase.limit.is === 'unkillable' ? UNKILLABLE : RUNNING;
    case 'appearing':
      return {
        short: 'restarted, looked for',
        sentence: `the restart script ${phase.ended.text}; the process has start_wait (${pent.startWaitSeconds} s) to appear`,
      };
    case 'absent':
      return phase.because === 'retry-over' ? retryOver(entry) : ABSENT[phase.because];
    default:
      return phase satisfies never;
  }
}

const THERE: Wording = { short: undefined, sentence: 'the process is there' };
const THERE_UNWATCHED: Wording = {
  short: 'monitoring off',
  sentence: 'the process is there; monitoring is off, padmin start resumes it',
};

const RUNNING: Wording = { short: 'restart script runs', sentence: 'the restart script runs' };
const UNKILLABLE: Wording = {
  short: 'restart script cannot be killed',
  sentence: 'the restart script was killed and has not ended yet; there is no other restart before it does',
};

function retryOver({ pent, stalled }: Entry): Wording {
  return { short: 'retries used up', sentence: `all retries are used up; ${after(pent, stalled)}` };
}

function after({ action }: Pent, stalled: ProcessId | undefined): string {
  if (action !== 'continue') return 'pcheck ends with status 1';
  if (stalled === undefined) return 'watched again when the process is back';
  return `watched again when another process than pid ${stalled.pid}, which hangs, is there; padmin stop and start take that one on`;
}

const ABSENT = {
  'monitoring-off': { short: 'monitoring off', sentence: 'monitoring is off; padmin start resumes it' },
  shared: {
    short: 'left to an earlier entry',
    sentence: 'an earlier entry held the same process and restarts it',
  },
} as const satisfies Record<string, Wording>;
