// All entries of a pcheck at one moment, as others are told of them: the one shape that goes over the control
// channel and into the dump file, and is checked when it comes back from there. All moments are wall clock.
import * as z from 'zod/mini';
import { PHASES, PROCESS_STATUSES } from './states.ts';

/** The longest that a Date can hold: beyond it a moment has no name. */
const MOMENT_MAXIMUM = 8.64e15;

/** Epoch milliseconds. */
export const moment = z.number().check(z.gte(-MOMENT_MAXIMUM), z.lte(MOMENT_MAXIMUM));
const count = z.int().check(z.gte(0));

const entryReportSchema = z.object({
  pentId: z.int().check(z.positive()),
  name: z.string(),
  pid: count,
  retryCount: count,
  restartCount: count,
  status: z.enum(PROCESS_STATUSES),
  retryOverAction: z.enum(['exit', 'continue', 'shutdown']),
  rerunAt: z.nullable(moment),
  includeStrings: z.string(),
  monitoring: z.enum(['on', 'off']),
  phase: z.enum(PHASES),
  /** A sentence about the phase. */
  reason: z.string(),
  /** When the phase ends at the latest. */
  phaseEndsAt: z.nullable(moment),
  /** Why the restart that is due or in progress is made. */
  restartReason: z.nullable(z.enum(['not-found', 'down', 'too-few', 'stall'])),
  /** All processes that fitted at the last look. */
  matchingPids: z.array(count),
  availSince: z.nullable(moment),
  retry: count,
  graceSeconds: z.number(),
  graceEndsAt: z.nullable(moment),
  /** Stall checks that failed in a row. */
  checkFails: z.nullable(count),
  nextCheckAt: z.nullable(moment),
});
export type EntryReport = Readonly<z.infer<typeof entryReportSchema>>;

export const snapshotSchema = z.object({
  /** The pfile's real path. */
  pfile: z.string(),
  pcheckPid: z.int().check(z.positive()),
  /** Of psaver. */
  version: z.string(),
  takenAt: moment,
  pents: z.array(entryReportSchema),
});
export type Snapshot = Readonly<Omit<z.infer<typeof snapshotSchema>, 'pents'>> & {
  readonly pents: readonly EntryReport[];
};
