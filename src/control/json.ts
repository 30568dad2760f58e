// What `padmin show … --json` prints: the schemas, versioned by name, and the documents. A field is never left
// out, it is null instead. docs/reference/padmin.md tells each field, held to the schemas by a test.
import * as z from 'zod/mini';
import type { EntryReport, Snapshot } from '../entry/snapshot.ts';
import { PHASES, PROCESS_STATUSES } from '../entry/states.ts';
import { visibleJson } from '../log/visible.ts';
import type { ParamReport } from './messages.ts';
import { formatIpckey } from './question.ts';

const time = z.iso.datetime();

export const pentJsonSchema = z.strictObject({
  pname: z.string(),
  pid: z.int(),
  retry_count: z.int(),
  restart_count: z.int(),
  proc_sts: z.enum(PROCESS_STATUSES),
  retry_over_act: z.enum(['exit', 'continue', 'shutdown']),
  rerun_time: z.nullable(time),
  include_strings: z.string(),
  pent_id: z.int(),
  monitor_sts: z.enum(['on', 'off']),
  phase: z.enum(PHASES),
  reason: z.string(),
  phase_end_time: z.nullable(time),
  restart_reason: z.nullable(z.enum(['not-found', 'down', 'too-few', 'stall'])),
  pids: z.array(z.int()),
  avail_since_time: z.nullable(time),
  retry: z.int(),
  grace_seconds: z.number(),
  grace_end_time: z.nullable(time),
  check_fails: z.nullable(z.int()),
  next_check_time: z.nullable(time),
});

export const pentsJsonSchema = z.strictObject({
  schema: z.literal('psaver.pents/1'),
  source: z.enum(['live', 'dump']),
  state_time: time,
  pfile: z.string(),
  pcheck_pid: z.int(),
  version: z.string(),
  pents: z.array(pentJsonSchema),
});

export const paramJsonSchema = z.strictObject({
  schema: z.literal('psaver.param/1'),
  state_time: time,
  pfile: z.string(),
  ipckey: z.string(),
  msg_check_interval_seconds: z.number(),
  monitor_interval_seconds: z.number(),
  shm_dump_file: z.string(),
  shutdown_command: z.nullable(z.string()),
  loop_alarm_seconds: z.number(),
  pcheck_pid: z.int(),
  started_time: time,
  version: z.string(),
  longest_turn_last_hour_milliseconds: z.number(),
  longest_turn_milliseconds: z.number(),
});

/** `live`: pcheck has answered; `dump`: it is what pcheck had last written. */
export function pentsAsJson(snapshot: Snapshot, source: 'live' | 'dump'): string {
  return print<z.infer<typeof pentsJsonSchema>>({
    schema: 'psaver.pents/1',
    source,
    state_time: iso(snapshot.takenAt),
    pfile: snapshot.pfile,
    pcheck_pid: snapshot.pcheckPid,
    version: snapshot.version,
    pents: snapshot.pents.map(pentObject),
  });
}

export function paramAsJson(param: ParamReport): string {
  return print<z.infer<typeof paramJsonSchema>>({
    schema: 'psaver.param/1',
    state_time: iso(param.takenAt),
    pfile: param.pfile,
    ipckey: formatIpckey(param.ipckey),
    msg_check_interval_seconds: param.msgCheckIntervalSeconds,
    monitor_interval_seconds: param.monitorIntervalSeconds,
    shm_dump_file: param.shmDumpFile,
    shutdown_command: param.shutdownCommand,
    loop_alarm_seconds: param.loopAlarmSeconds,
    pcheck_pid: param.pcheckPid,
    started_time: iso(param.startedAt),
    version: param.version,
    longest_turn_last_hour_milliseconds: rounded(param.longestTurnMilliseconds.lastHour),
    longest_turn_milliseconds: rounded(param.longestTurnMilliseconds.sinceStart),
  });
}

function pentObject(pent: EntryReport): z.infer<typeof pentJsonSchema> {
  return {
    pname: pent.name,
    pid: pent.pid,
    retry_count: pent.retryCount,
    restart_count: pent.restartCount,
    proc_sts: pent.status,
    retry_over_act: pent.retryOverAction,
    rerun_time: isoOrNull(pent.rerunAt),
    include_strings: pent.includeStrings,
    pent_id: pent.pentId,
    monitor_sts: pent.monitoring,
    phase: pent.phase,
    reason: pent.reason,
    phase_end_time: isoOrNull(pent.phaseEndsAt),
    restart_reason: pent.restartReason,
    pids: pent.matchingPids,
    avail_since_time: isoOrNull(pent.availSince),
    retry: pent.retry,
    grace_seconds: pent.graceSeconds,
    grace_end_time: isoOrNull(pent.graceEndsAt),
    check_fails: pent.checkFails,
    next_check_time: isoOrNull(pent.nextCheckAt),
  };
}

function print<Document>(document: Document): string {
  return `${visibleJson(JSON.stringify(document, null, 2))}\n`;
}

function iso(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}

function isoOrNull(epochMilliseconds: number | null): string | null {
  return epochMilliseconds === null ? null : iso(epochMilliseconds);
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
