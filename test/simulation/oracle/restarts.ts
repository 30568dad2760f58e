// The rules of a restart and of its end: retries, intervals, the grace time, retry-over (SPEC 4.2 to 4.6).
import { intervalEnd, type Tracked } from './entry.ts';
import { broken, now, type Scene, TERM_TO_KILL_MILLISECONDS } from './scene.ts';
import { isHealthy, isShared, pidsOf, surelyThere } from './there.ts';

export function setPidFail(scene: Scene, entry: Tracked): void {
  if (entry.status !== 'INIT') broken('Set pid fail is of the start', entry, entry.status);
  const waited = now(scene) - entry.lookedForSince;
  if (waited < entry.startWaitAtFirst * 1000 - 1) broken('start_wait is waited for', entry, `${waited}`);
  entry.status = 'RESTART';
  awaitDecision(scene, entry, 0);
}

export function restartPostponed(scene: Scene, entry: Tracked): void {
  // The entry before it, which was to restart the process, is not there any more.
  if (entry.status !== 'UNAVAIL' || !entry.isLeftToAnother || isShared(scene, entry)) return;
  entry.status = 'RESTART';
  awaitDecision(scene, entry, 0);
}

export function tryRestart(scene: Scene, entry: Tracked): void {
  const isReset = entry.resetAt === now(scene) && entry.status === 'UNAVAIL';
  const isDue = entry.status === 'RESTART' || isReset || entry.startedAt === now(scene);
  if (!isDue && !isShared(scene, entry) && !entry.isLeftToAnother) {
    broken('a healthy one is never restarted', entry, `it is ${entry.status}`);
  }
  if (!entry.isOn) broken('nothing is restarted while monitoring is off', entry, '');
  if (entry.retryCount >= entry.pent.retry) {
    broken('never more than RETRY restarts', entry, `${entry.retryCount} of ${entry.pent.retry}`);
  }
  if (now(scene) < intervalEnd(entry) - 1) broken('restart_interval is waited for', entry, '');
  if (entry.stalled === undefined && !isShared(scene, entry) && isHealthy(scene, entry)) {
    broken('a healthy one is never restarted', entry, pidsOf(surelyThere(scene, entry)));
  }
  scene.seen.restarts += 1;
  const { restartTimeoutSeconds, startWaitSeconds } = entry.pent;
  const limit = restartTimeoutSeconds === 0 ? Infinity : restartTimeoutSeconds * 1000;
  entry.retryCount += 1;
  entry.restartCount += 1;
  Object.assign(entry, { status: 'RESTART', lastRunAt: now(scene), triedAt: now(scene) });
  Object.assign(entry, {
    mayHaveScript: false,
    timedOutAt: undefined,
    killedAt: undefined,
    limitAt: now(scene) + limit,
    limitPutOffTo: -Infinity,
  });
  entry.actsBy = now(scene) + limit + TERM_TO_KILL_MILLISECONDS + 200 + startWaitSeconds * 1000;
}

export function retryOver(scene: Scene, entry: Tracked, action: string): void {
  const wasDecided = entry.wasEnding;
  entry.wasEnding = false;
  if (!wasDecided && entry.retryCount < entry.pent.retry) {
    broken('retry-over when the retries are used up', entry, `${entry.retryCount} of ${entry.pent.retry}`);
  }
  const isDue = entry.status === 'RESTART' || entry.resetAt === now(scene) || entry.startedAt === now(scene);
  if (!isDue && !isShared(scene, entry) && !wasDecided && !entry.isLeftToAnother) {
    broken('retry-over when the process is down', entry, `it is ${entry.status}`);
  }
  if (entry.pent.action !== action) broken('retry-over does what ACTION says', entry, action);
  scene.seen.retryOvers += 1;
  Object.assign(entry, { status: 'UNAVAIL', actsBy: Infinity, overAt: now(scene) });
  if (action !== 'continue') scene.mustEndSince ??= now(scene);
}

export function retryCleared(scene: Scene, entry: Tracked): void {
  const { pent, graceFrom } = entry;
  const isUp = entry.status === 'AVAIL' && entry.isOn;
  if (!isUp || pent.graceSeconds === 0 || now(scene) < graceFrom + pent.graceSeconds * 1000 - 1) {
    broken('retry_count is cleared after GRACE', entry, `up since ${graceFrom}, ${entry.status}`);
  }
  scene.seen.clearings += 1;
  entry.retryCount = 0;
}

/** After a death, or a process that was not found: a script or the retry-over is due. */
export function awaitDecision(scene: Scene, entry: Tracked, delayMilliseconds: number): void {
  const isOut = entry.retryCount >= entry.pent.retry;
  const delayed = now(scene) + delayMilliseconds;
  entry.actsBy = isShared(scene, entry) ? Infinity : isOut ? delayed : Math.max(delayed, intervalEnd(entry));
}
