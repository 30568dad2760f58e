// All entries of a pcheck at one moment, as others are told of them: the one shape that goes over the control
// channel and into the dump file, and is checked when it comes back from there. All moments are wall clock.
import * as z from 'zod/mini';
import { PHASES, PROCESS_STATUSES } from './states.ts';

// Code that is made for speed pays after thousands of parses; a moment of padmin's has one.
z.config({ jitless: true });

/** The longest that a Date can hold: beyond it a moment has no name. */
const MOMENT_MAXIMUM = 8.64e15;

/** Epoch milliseconds. */
export const moment = z.number().check(z.gte(-MOMENT_MAXIMUM), z.lte(MOMENT_MAXIMUM));
const count = z.int().check(z.gte(0));
// Each schema is a big object, and padmin makes them anew for every command: the same ones serve many fields.
const text = z.string();
const pid = z.int().check(z.positive());
const momentOrNull = z.nullable(moment);

const entryReportSchema = z.object({
  pentId: pid,
  name: text,
  pid: count,
  retryCount: count,
  restartCount: count,
  status: z.enum(PROCESS_STATUSES),
  retryOverAction: z.enum(['exit', 'continue', 'shutdown']),
  rerunAt: momentOrNull,
  includeStrings: text,
  monitoring: z.enum(['on', 'off']),
  phase: z.enum(PHASES),
  /** A sentence about the phase. */
  reason: text,
  /** When the phase ends at the latest. */
  phaseEndsAt: momentOrNull,
  /** Why the restart that is due or in progress is made. */
  restartReason: z.nullable(z.enum(['not-found', 'down', 'too-few', 'stall'])),
  /** All processes that fitted at the last look. */
  matchingPids: z.array(count),
  availSince: momentOrNull,
  retry: count,
  graceSeconds: z.number(),
  graceEndsAt: momentOrNull,
  /** Stall checks that failed in a row. */
  checkFails: z.nullable(count),
  nextCheckAt: momentOrNull,
});
export type EntryReport = Readonly<z.infer<typeof entryReportSchema>>;

export const snapshotSchema = z.object({
  /** The pfile's real path. */
  pfile: text,
  pcheckPid: pid,
  /** Of psaver. */
  version: text,
  takenAt: moment,
  pents: z.array(entryReportSchema),
});
export type Snapshot = Readonly<Omit<z.infer<typeof snapshotSchema>, 'pents'>> & {
  readonly pents: readonly EntryReport[];
};
