// The states of an entry's life, with nothing else: one field says where an entry is (SPEC 4).

/** What padmin shows as proc_sts. */
export const PROCESS_STATUSES = ['INIT', 'AVAIL', 'RESTART', 'UNAVAIL'] as const;
export type ProcessStatus = (typeof PROCESS_STATUSES)[number];

export const PHASES = [
  'looking',
  'watching',
  'delaying',
  'holding',
  'running',
  'appearing',
  'absent',
] as const;
export type PhaseName = (typeof PHASES)[number];

export const STATUS_OF: Readonly<Record<PhaseName, ProcessStatus>> = {
  /** Just started: looked for during start_wait. */
  looking: 'INIT',
  /** The process is there. */
  watching: 'AVAIL',
  /** It died; restart_delay gives it time to come back by itself. */
  delaying: 'RESTART',
  /** A restart is due; restart_interval holds it back. */
  holding: 'RESTART',
  /** The restart script runs. */
  running: 'RESTART',
  /** The script has ended; the process has start_wait to appear. */
  appearing: 'RESTART',
  /** Not there, and nothing is done about it: retry-over, monitoring off, or another entry's task. */
  absent: 'UNAVAIL',
};
