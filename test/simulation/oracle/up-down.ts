// The rules of Up and Down (SPEC 4.1, 4.2): what is told of is there or gone, and is told in time.
import { fits, isAlive } from '../truth.ts';
import type { Tracked } from './entry.ts';
import { awaitDecision } from './restarts.ts';
import { broken, isLate, now, recountMilliseconds, type Scene, SLACK_MILLISECONDS } from './scene.ts';
import { isGone, isHealthy, isOrphan, isShared, lookAtTruth, pidsOf, surelyThere } from './there.ts';

export function up(scene: Scene, entry: Tracked, pid: number): void {
  lookAtTruth(scene);
  noticed(scene, entry);
  leaves(scene, entry);
  // Exception: what another entry of the same turn began has ended it since the look.
  const being = scene.population.byPid(pid) ?? scene.population.diedJustNow(pid);
  if (being === undefined) broken('Up tells of a live process', entry, `pid ${pid}`);
  if (isAlive(being) && fits(entry.pent, being) === 'no')
    broken('Up tells of a process that fits', entry, `pid ${pid}`);
  if (isOrphan(scene, entry, being) === 'yes')
    broken('an orphaned worker is no successor', entry, `pid ${pid}`);
  if (being === entry.stalled) broken('a stalled process is not its own successor', entry, `pid ${pid}`);
  if (
    entry.status === 'AVAIL' &&
    entry.pent.pidfile === undefined &&
    !isGone(entry) &&
    !entry.held?.isTitleNew
  ) {
    broken('a healthy process is not left for another', entry, `pid ${entry.held?.process.pid}`);
  }
  if (entry.status === 'AVAIL') scene.seen.adoptions += 1;
  entry.status = 'AVAIL';
  entry.isLeftToAnother = false;
  // Its kin are of the service now.
  for (const [dead, { image }] of entry.dead) if (image === being.image) entry.dead.delete(dead);
  entry.heldImage = being.image;
  Object.assign(entry, { held: being, stalled: undefined, goneSince: undefined });
  Object.assign(entry, { fewSince: undefined, graceFrom: now(scene), checkFails: 0, checkedAt: now(scene) });
  Object.assign(entry, { actsBy: Infinity, timedOutAt: undefined, killedAt: undefined });
}

export function down(scene: Scene, entry: Tracked): void {
  lookAtTruth(scene);
  const isOfRestart = entry.failedAt === now(scene) || entry.startedAt === now(scene);
  if (entry.status !== 'AVAIL' && !isOfRestart) broken('Down follows AVAIL', entry, entry.status);
  const isStall = entry.stalledAt === now(scene);
  if (entry.status === 'AVAIL' && !isStall) {
    noticed(scene, entry);
    leaves(scene, entry);
    if (!isShared(scene, entry) && isHealthy(scene, entry)) {
      broken('a healthy process is never down', entry, pidsOf(surelyThere(scene, entry)));
    }
  }
  if (isStall) {
    scene.seen.stalls += 1;
    // A Down that follows at once is that of a restart which failed.
    Object.assign(entry, { stalled: entry.held, stalledAt: undefined });
  }
  entry.status = isShared(scene, entry) && !isStall ? 'UNAVAIL' : 'RESTART';
  entry.downAt = now(scene);
  entry.isLeftToAnother = isShared(scene, entry);
  leaves(scene, entry);
  entry.held = undefined;
  awaitDecision(scene, entry, entry.pent.restartDelaySeconds * 1000);
}

export function noticed(scene: Scene, entry: Tracked): void {
  const { goneSince } = entry;
  if (goneSince === undefined || entry.status !== 'AVAIL' || !entry.isOn) return;
  // When others are there, but too few, these are counted once more.
  const unseenSince = Math.max(goneSince, entry.startedAt);
  if (
    isLate(scene, unseenSince + scene.intervalMilliseconds, SLACK_MILLISECONDS + recountMilliseconds(scene))
  ) {
    broken('a dead process is noticed within MONITOR_INTERVAL', entry, `gone since ${goneSince}`);
  }
}

/** What is held is gone, or something else: it may have left workers behind. */
function leaves(scene: Scene, entry: Tracked): void {
  const { held } = entry;
  if (held !== undefined && (isGone(entry) || held === entry.stalled) && !entry.dead.has(held)) {
    const { startWaitSeconds } = entry.pent;
    // While monitoring is off, nothing is told of when it was noticed.
    const isTold = entry.isOn && entry.startedAt !== now(scene) && !entry.isLeavingUnsure;
    entry.dead.set(held, {
      image: entry.heldImage,
      noticedAt: isTold ? now(scene) : NaN,
      startWaitSeconds,
      stalledAt: held === entry.stalled ? now(scene) : undefined,
    });
    entry.isLeavingUnsure = false;
  }
}
