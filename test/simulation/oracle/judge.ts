// After every step: whether padmin, the dump and the record tell what the log has told, and whether all that was due
// has come.
import { parseDump } from '../../../src/entry/dump.ts';
import type { EntryReport } from '../../../src/entry/snapshot.ts';
import { isAlive } from '../truth.ts';
import type { Tracked } from './entry.ts';
import { type Recorded, readRecord } from './record.ts';
import {
  broken,
  byName,
  isLate,
  now,
  recountMilliseconds,
  type Scene,
  SLACK_MILLISECONDS,
  TERM_TO_KILL_MILLISECONDS,
} from './scene.ts';
import { judgeRetired } from './scripts.ts';
import { judgeStarts } from './starts.ts';
import { isGone, isShared, lookAtTruth } from './there.ts';
import { noticed } from './up-down.ts';

const LONGEST_END_MILLISECONDS = 1000 + 4 * 10_000 + 4 * 30_000;

/** After every step, with what padmin shows. */
export function judge(scene: Scene, reports: readonly EntryReport[]): void {
  lookAtTruth(scene);
  if (scene.endingSince !== undefined && isLate(scene, scene.endingSince + LONGEST_END_MILLISECONDS)) {
    broken('nothing waits for ever', undefined, 'the end');
  }
  if (!scene.isRunning || scene.endingSince !== undefined) return;
  if (scene.mustEndSince !== undefined) broken('retry-over ends pcheck', undefined, '');
  judgeStarts(scene);
  for (const entry of scene.retired) judgeRetired(scene, entry);
  const record = readRecord(scene.system, undefined);
  for (const entry of scene.entries) {
    const report = reports.find(({ name }) => name === entry.pent.name);
    if (report === undefined) broken('every entry is shown', entry, '');
    compare(scene, entry, report);
    const recorded = record.entries.get(entry.identity);
    // What a reload has changed is recorded after the next look.
    const isBlind = scene.excusedUntil >= now(scene);
    if (!isBlind && !scene.isRecordStale && record.writtenAt >= scene.begunAt && recorded !== undefined)
      compareRecord(entry, recorded);
    judgeDeadlines(scene, entry);
  }
}

export function dumped(scene: Scene, text: string): void {
  const dump = parseDump(text);
  if ('problem' in dump) broken('the dump can be read', undefined, dump.problem);
  for (const { name, retryCount, restartCount } of dump.pents) {
    const entry = byName(scene, name);
    if (entry.unsure !== undefined) continue;
    if (entry.retryCount !== retryCount || entry.restartCount !== restartCount) {
      broken('the dump holds the counters', entry, `${retryCount} ${restartCount}`);
    }
  }
}

function compare(scene: Scene, entry: Tracked, report: EntryReport): void {
  if (entry.unsure !== undefined) {
    if (report.restartCount !== entry.restartCount) entry.scripts.clear();
    Object.assign(entry, { retryCount: report.retryCount, restartCount: report.restartCount });
    entry.isStatusUnsure = true;
    entry.unsure = undefined;
  }
  if (report.retryCount !== entry.retryCount || report.restartCount !== entry.restartCount) {
    broken('padmin shows the counters', entry, `${report.retryCount} ${report.restartCount}`);
  }
  if ((report.monitoring === 'on') !== entry.isOn)
    broken('padmin shows monitor_sts', entry, report.monitoring);
  if (entry.isStatusUnsure || !entry.isOn || isShared(scene, entry)) {
    adoptStatus(scene, entry, report);
  } else if (report.status !== entry.status) {
    broken('padmin and log agree', entry, `shown ${report.status}, told ${entry.status}`);
  }
  if (entry.status === 'AVAIL' && entry.held !== undefined && report.pid !== entry.held.process.pid) {
    broken('padmin shows the process', entry, `shown ${report.pid}, told ${entry.held.process.pid}`);
  }
}

/** After what is not told line by line (start, resume, monitoring off), the state is taken as shown. */
function adoptStatus(scene: Scene, entry: Tracked, { status, pid }: EntryReport): void {
  const { pent } = entry;
  if (entry.status !== status || entry.isStatusUnsure) {
    const longest = pent.restartTimeoutSeconds + pent.startWaitSeconds * 2 + pent.restartDelaySeconds;
    const whole = (longest + pent.restartIntervalSeconds) * 1000 + TERM_TO_KILL_MILLISECONDS;
    const isBounded = entry.isOn && !isShared(scene, entry) && entry.limitAt < Infinity;
    const isWaiting = status === 'INIT' || status === 'RESTART';
    entry.actsBy = isBounded && isWaiting ? now(scene) + whole : Infinity;
  }
  if (status === 'AVAIL' && entry.held?.process.pid !== pid) {
    entry.held = scene.population.byPid(pid);
    entry.graceFrom = Math.max(entry.graceFrom, entry.startedAt);
  }
  if (status === 'AVAIL' && entry.startedAt > entry.graceFrom) entry.graceFrom = entry.startedAt;
  entry.status = status;
  entry.isStatusUnsure = false;
}

function compareRecord(entry: Tracked, recorded: Recorded): void {
  if (recorded.retryCount !== entry.retryCount || recorded.restartCount !== entry.restartCount) {
    broken('the record holds the counters', entry, `${recorded.retryCount} ${recorded.restartCount}`);
  }
  if (recorded.isOn !== entry.isOn) broken('the record holds monitor_sts', entry, '');
}

function judgeDeadlines(scene: Scene, entry: Tracked): void {
  const { pent, status, isOn } = entry;
  const isStuckForGood = [...entry.scripts].some((being) => isAlive(being) && being.isUnkillable);
  // Exception: its script cannot be killed.
  if (isStuckForGood) entry.actsBy = Infinity;
  if (isLate(scene, entry.actsBy) && status !== 'AVAIL') {
    broken('nothing waits for ever', entry, `${status}, due at ${entry.actsBy}`);
  }
  if (status !== 'AVAIL' || !isOn) return;
  noticed(scene, entry);
  const fewLimit = (entry.fewSince ?? Infinity) + scene.intervalMilliseconds;
  if (isLate(scene, fewLimit, SLACK_MILLISECONDS + recountMilliseconds(scene)))
    broken('too few are noticed', entry, `since ${entry.fewSince}`);
  const graceEnd = entry.graceFrom + pent.graceSeconds * 1000;
  const isFew = !isLate(
    scene,
    entry.lastFewAt + scene.intervalMilliseconds,
    SLACK_MILLISECONDS + recountMilliseconds(scene),
  );
  if (entry.retryCount > 0 && pent.graceSeconds > 0 && isLate(scene, graceEnd) && !isFew) {
    broken('retry_count is cleared after GRACE', entry, `up since ${entry.graceFrom}`);
  }
  if (pent.check !== undefined && !isFew) {
    const { intervalSeconds, timeoutSeconds } = pent.check;
    const due = entry.checkedAt + (intervalSeconds + timeoutSeconds) * 1000;
    if (isLate(scene, due, 1500))
      broken('checks are run at their intervals', entry, `last ${entry.checkedAt}`);
  }
}

export function isSettled(scene: Scene, entry: Tracked): boolean {
  if (entry.status === 'AVAIL') return !isGone(entry);
  if (entry.status === 'UNAVAIL') return entry.overAt > 0 || isShared(scene, entry);
  const hangs = [...scene.population.all].some(
    ({ script }) =>
      script?.command.path === '/start' && script.command.environment['PSAVER_NAME'] === entry.pent.name,
  );
  // Exception: restart_timeout was 0 when its script was started.
  return entry.status === 'RESTART' && entry.limitAt === Infinity && hangs;
}
