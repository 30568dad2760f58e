// What a process is to psaver: a pid is reused, a pid with its start time is not (SPEC 3).

/** `startTicks` is field 22 of /proc/PID/stat: clock ticks after boot. */
export type ProcessId = {
  readonly pid: number;
  readonly startTicks: number;
};

/** Of the kernel's figures for user space (sysconf(_SC_CLK_TCK)) on every Linux that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** A process that an entry's NAME and strings fit. */
export type Match = ProcessId & {
  readonly ppid: number;
  readonly session: number;
  readonly startStack: number;
};

/** By this a forked worker is known as one of a process that has died (SPEC 4.2). */
export type Lineage = Pick<Match, 'pid' | 'session' | 'startStack' | 'startTicks'>;

/** Of the process that is held, and of dead ones before it. */
export type Lineages = {
  readonly held: Lineage | undefined;
  readonly left: readonly Lineage[];
};

/**
 * Whether a process is a fork of that lineage which never called exec. The stack's start alone would do, but
 * for machines that do not randomise it.
 */
export function isForkOf(lineage: Lineage, match: Match): boolean {
  return (
    !sameProcess(match, lineage) &&
    lineage.startStack !== 0 &&
    match.startStack === lineage.startStack &&
    match.session === lineage.session &&
    match.startTicks >= lineage.startTicks
  );
}

export function sameProcess(a: ProcessId, b: ProcessId): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks;
}
