// Tells the life of one entry in a test: what happens at what second, and what the entry asks for then.
import { deadline } from '../../../src/entry/pace.ts';
import { STATUS_OF } from '../../../src/entry/states.ts';
import { newEntry, transition } from '../../../src/entry/transition.ts';
import type { CheckResult, Entry, EntryEvent, Observation, ScriptResult } from '../../../src/entry/types.ts';
import { formatMessage } from '../../../src/log/format.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import type { Instant } from '../../../src/system/types.ts';

export const PENT: Pent = {
  id: 1,
  line: 7,
  name: 'java',
  script: { path: '/start.sh', arguments: [] },
  graceSeconds: 86_400,
  retry: 3,
  action: 'exit',
  includeStrings: [],
  excludeStrings: [],
  uid: undefined,
  exe: undefined,
  pidfile: undefined,
  containers: 'exclude',
  minProcCount: 1,
  maxProcCount: undefined,
  restartTimeoutSeconds: 300,
  restartIntervalSeconds: 10,
  startWaitSeconds: 10,
  restartDelaySeconds: 0,
  check: undefined,
  retryOverCommand: undefined,
};

export const NONE: Observation = {
  heldIsThere: false,
  match: undefined,
  matchIsScript: false,
  heldByEarlierEntry: false,
  count: 0,
  orphans: 0,
  isFullCheck: false,
};

/** The process of this pid is the one that is meant, and held if the entry held it. */
export function there(pid: number, heldIsThere = true): Observation {
  const match = { pid, startTicks: pid, ppid: 1, session: pid, startStack: 0 };
  return { ...NONE, heldIsThere, match, count: 1 };
}

export const SUCCEEDED: ScriptResult = { outcome: 'succeeded', text: 'ended with status 0' };
export const FAILED: ScriptResult = { outcome: 'failed', text: 'ended with status 3' };

export type Story = {
  readonly entry: Entry;
  /** What the last event brought: log texts, and `run`, `release`, signals, `end 1` for the other effects. */
  readonly effects: readonly string[];
  sees(seen: Observation): readonly string[];
  scriptEnds(result: ScriptResult, seen: Observation): readonly string[];
  checkEnds(outcome: CheckResult['outcome'], check?: number): readonly string[];
  reset(seen: Observation): readonly string[];
  stop(): readonly string[];
  start(seen: Observation): readonly string[];
  /** Lets monotonic time pass; the wall clock goes its own way. */
  passes(seconds: number): void;
  /** Seconds until the entry wants to be looked at. */
  wakesIn(): number | undefined;
  status(): string;
};

const WALL = Date.UTC(2026, 0, 1);

export function story(changes: Partial<Pent> = {}): Story {
  let now: Instant = { monotonic: 0, wall: WALL };
  let entry = newEntry({ ...PENT, ...changes }, 10, now);
  let effects: string[] = [];
  function happens(event: EntryEvent): readonly string[] {
    const step = transition(entry, event, now);
    entry = step.entry;
    effects = step.effects.map((effect) => {
      switch (effect.type) {
        case 'log':
          return formatMessage(effect.message);
        case 'run-script':
          return `run ${effect.run}`;
        case 'signal-script':
          return `${effect.signal} ${effect.run}`;
        case 'log-output':
          return effect.of === 'check' ? 'output of the check' : `output of run ${effect.run}`;
        case 'run-check':
          return `check ${effect.check}`;
        case 'cancel-check':
          return 'cancel check';
        case 'release-script':
          return `release ${effect.run}`;
        case 'end':
          return [...effect.after, `end ${effect.status}`].join(', then ');
        case 'run-command':
          return effect.command;
        default:
          return effect satisfies never;
      }
    });
    return effects;
  }
  return {
    get entry() {
      return entry;
    },
    get effects() {
      return effects;
    },
    sees: (observation) => happens({ type: 'observed', observation }),
    scriptEnds: (result, observation) =>
      happens({ type: 'script-ended', run: entry.restartCount, result, observation }),
    checkEnds: (outcome, check = entry.checks) =>
      happens({ type: 'check-ended', check, result: { outcome, text: `has ${outcome}` } }),
    reset: (observation) => happens({ type: 'reset', observation }),
    stop: () => happens({ type: 'stop' }),
    start: (observation) => happens({ type: 'start', observation }),
    passes(seconds) {
      now = { monotonic: now.monotonic + seconds * 1000, wall: now.wall + seconds * 1000 };
    },
    wakesIn() {
      const at = deadline(entry);
      return at === undefined ? undefined : (at - now.monotonic) / 1000;
    },
    status: () => STATUS_OF[entry.phase.is],
  };
}

/** An entry whose process 10 is up. */
export function upStory(changes: Partial<Pent> = {}): Story {
  const told = story(changes);
  told.sees(there(10));
  return told;
}
