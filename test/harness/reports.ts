// What padmin is told, for tests of how it is passed on and shown.
import type { ParamReport } from '../../src/control/messages.ts';
import type { EntryReport, Snapshot } from '../../src/entry/snapshot.ts';

// Local time, as ctime(3) writes it.
const RERUN = new Date(2011, 9, 12, 10, 40, 48).getTime();
const TAKEN = RERUN + 60_000;

export const PENT_REPORT: EntryReport = {
  pentId: 1,
  name: '/usr/bin/java',
  pid: 12742,
  retryCount: 1,
  restartCount: 1,
  status: 'AVAIL',
  retryOverAction: 'exit',
  rerunAt: RERUN,
  includeStrings: 'apache&tomcat',
  monitoring: 'on',
  phase: 'watching',
  reason: 'the process is there',
  phaseEndsAt: null,
  restartReason: null,
  matchingPids: [12742, 12743],
  availSince: RERUN + 5000,
  retry: 3,
  graceSeconds: 86_400,
  graceEndsAt: RERUN + 86_405_000,
  checkFails: 0,
  nextCheckAt: TAKEN + 1000,
};

export const SNAPSHOT: Snapshot = {
  pfile: '/etc/psaver/pfile',
  pcheckPid: 77,
  version: '1.2.3',
  takenAt: TAKEN,
  pents: [PENT_REPORT],
};

export const PARAM_REPORT: ParamReport = {
  pfile: '/etc/psaver/pfile',
  ipckey: 0x1f000101,
  msgCheckIntervalSeconds: 5,
  monitorIntervalSeconds: 0.5,
  shmDumpFile: '/var/dump',
  shutdownCommand: '/sbin/poweroff -f',
  loopAlarmSeconds: 60,
  pcheckPid: 77,
  startedAt: RERUN,
  version: '1.2.3',
  longestTurnMilliseconds: { lastHour: 3.16, sinceStart: 20 },
  takenAt: TAKEN,
};
