// Bugs that the simulation must find: each is put into a bundle of its own by scripts/build-simulation.mjs.

export type Bug = {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

export const BUGS: readonly Bug[] = [
  {
    name: 'grace: the retries are cleared without the grace time',
    file: 'src/entry/pace.ts',
    from: 'return phase.since + pent.graceSeconds * 1000;',
    to: 'return phase.since + pent.graceSeconds * 900;',
  },
  {
    name: 'adopt: a successor costs a retry, as if none were there',
    file: 'src/entry/watching.ts',
    from: 'const mayMove = !seen.heldIsThere || entry.pent.pidfile !== undefined;',
    to: 'const mayMove = entry.pent.pidfile !== undefined;',
  },
  {
    name: 'reload: the counters of an entry that stayed begin anew',
    file: 'src/entry/reload.ts',
    from: '{ ...entry, pent, ',
    to: '{ ...entry, pent, retryCount: 0, ',
  },
  {
    name: 'resume: a killed pcheck hands out new retries',
    file: 'src/entry/resume.ts',
    from: '{ ...state, pent, ',
    to: '{ ...state, pent, retryCount: 0, ',
  },
  {
    name: 'script time-out: a script that ignores SIGTERM is only sent it again',
    file: 'src/entry/script-limit.ts',
    from: "signal: 'SIGKILL'",
    to: "signal: 'SIGTERM'",
  },
  {
    name: 'start: one that hangs is not given up at its time limit',
    file: 'src/monitor/started.ts',
    from: 'course.start?.giveUp();',
    to: '',
  },
  {
    name: 'start: the end of pcheck gives up none that hangs',
    file: 'src/monitor/started.ts',
    from: "if (is === 'starting' || is === 'given-up') start?.giveUp();",
    to: '',
  },
  {
    name: 'take-over: a script that a killed pcheck left is not known by its pid',
    file: 'src/monitor/take-over.ts',
    from: 'startTicks === script.startTicks',
    to: 'startTicks === undefined',
  },
];
