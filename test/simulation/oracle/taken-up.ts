// An entry as the record of a killed pcheck hands it on to the next one (SPEC 7).
import type { Being } from '../population.ts';
import { newTracked, type Tracked } from './entry.ts';
import type { Recorded } from './record.ts';
import { broken, now, type Scene } from './scene.ts';

export function takenUp(
  scene: Scene,
  pent: Tracked['pent'],
  known: Tracked | undefined,
  recorded: Recorded,
): Tracked {
  const entry = newTracked(pent, recorded.since ?? now(scene));
  if (known !== undefined) judgeCounters(scene, known, recorded);
  entry.retryCount = recorded.retryCount;
  entry.restartCount = recorded.restartCount;
  entry.isOn = recorded.isOn;
  entry.status = recorded.status;
  entry.lastRunAt = recorded.lastRunAt;
  entry.graceFrom = recorded.since ?? now(scene);
  entry.startWaitAtFirst = 0;
  entry.wasEnding = recorded.isEnding;
  entry.isLeftToAnother = recorded.isLeftToAnother;
  entry.checkFails = recorded.checkFails;
  entry.limitAt = recorded.hasNoLimit ? Infinity : (recorded.limitUntil ?? now(scene));
  entry.timedOutAt = recorded.terminatedAt;
  const process = scene.population.byIdentity(recorded.pid, recorded.startTicks);
  entry.held = process;
  for (const [dead, left] of known?.dead ?? []) {
    // Exception: the record that could be written last does not know of it.
    entry.dead.set(dead, scene.isRecordStale ? { ...left, noticedAt: NaN } : left);
  }
  if (known?.held !== undefined && known.held !== process) {
    // What became of it was recorded, but not told any more.
    const { heldImage: image, pent: before } = known;
    entry.dead.set(known.held, { image, noticedAt: NaN, startWaitSeconds: before.startWaitSeconds });
  }
  entry.heldImage = (process === known?.held ? known?.heldImage : process?.image) ?? 0;
  entry.checkedAt = now(scene);
  entry.stalled = scene.population.byIdentity(recorded.stalled?.pid, recorded.stalled?.startTicks);
  entry.isStatusUnsure = true;
  entry.actsBy = Infinity;
  if (recorded.isRunning) {
    for (const being of scene.population.all) if (isRunOf(being, recorded)) entry.scripts.add(being);
    entry.mayHaveScript = entry.scripts.size === 0;
  }
  return entry;
}

function judgeCounters(scene: Scene, known: Tracked, { retryCount, restartCount }: Recorded): void {
  // Exception: what nobody could tell, or write down.
  if (scene.isRecordStale || known.unsure !== undefined) return;
  // Killed in the middle of a step: one restart more, or cleared, or cleared and restarted.
  const isPossible = scene.wasKilledWithin
    ? [known.retryCount, known.retryCount + 1, 0, 1].includes(retryCount)
    : retryCount === known.retryCount && restartCount === known.restartCount;
  if (isPossible) return;
  const told = `${known.retryCount} ${known.restartCount}`;
  broken('the record holds the counters', known, `${retryCount} ${restartCount}, told ${told}`);
}

function isRunOf({ script }: Being, { token }: Recorded): boolean {
  return token !== undefined && script?.command.environment['PSAVER_RUN'] === token;
}
