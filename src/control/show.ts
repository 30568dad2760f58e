// The texts of padmin show: `key = value` lines that scripts split at blanks (SPEC 6). The same as JSON: json.ts.
import type { EntryReport } from '../entry/snapshot.ts';
import { ctime } from '../log/time.ts';
import { visible } from '../log/visible.ts';
import type { ParamReport } from './messages.ts';
import { formatIpckey } from './question.ts';

/** The ten keys in their fixed order, entries separated by a blank line. */
export function showPents(pents: readonly EntryReport[]): string {
  return pents.map((pent) => lines(pentPairs(pent), PENT_KEY_WIDTH)).join('\n');
}

export function showParam(param: ParamReport): string {
  return lines(paramPairs(param), PARAM_KEY_WIDTH);
}

type Pair = readonly [string, string | number];

const PENT_KEY_WIDTH = 'include_strings'.length;
const PARAM_KEY_WIDTH = 'msg_check_interval'.length;
const NEVER = '--------';

function pentPairs(pent: EntryReport): Pair[] {
  return [
    ['pname', pent.name],
    ['pid', pent.pid],
    ['retry_count', pent.retryCount],
    ['restart_count', pent.restartCount],
    ['proc_sts', pent.status],
    ['retry_over_act', pent.retryOverAction],
    ['rerun_time', pent.rerunAt === null ? NEVER : ctime(pent.rerunAt)],
    ['include_strings', pent.includeStrings],
    ['pent_id', pent.pentId],
    ['monitor_sts', pent.monitoring],
  ];
}

function paramPairs(param: ParamReport): Pair[] {
  return [
    ['pfile', param.pfile],
    ['ipckey', formatIpckey(param.ipckey)],
    ['msg_check_interval', param.msgCheckIntervalSeconds],
    ['monitor_interval', param.monitorIntervalSeconds],
    ['shm_dump_file', param.shmDumpFile],
    ['shutdown_command', param.shutdownCommand ?? ''],
    ['loop_alarm', param.loopAlarmSeconds],
    ['pcheck_pid', param.pcheckPid],
    ['started', ctime(param.startedAt)],
    ['version', param.version],
  ];
}

function lines(pairs: readonly Pair[], width: number): string {
  return pairs.map(([key, value]) => `${key.padEnd(width)} = ${visible(String(value))}\n`).join('');
}
