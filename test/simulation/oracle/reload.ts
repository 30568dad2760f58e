// What a reload makes of the entries: who stays, who comes, whose script is left running (SPEC 4.11).
import type { Pfile } from '../../../src/pfile/types.ts';
import { isAlive, isScript } from '../truth.ts';
import { identityOf, newTracked } from './entry.ts';
import { now, type Scene } from './scene.ts';
import { lookAtTruth } from './there.ts';

export function reloaded(scene: Scene, pfile: Pfile): void {
  scene.intervalMilliseconds = pfile.parameters.monitorIntervalSeconds * 1000;
  scene.excusedUntil = Math.max(scene.excusedUntil, now(scene));
  lookAtTruth(scene);
  const known = [...scene.entries, ...scene.retired];
  const before = scene.entries;
  scene.entries = pfile.pents.map((pent) => {
    const entry = known.find(({ identity }) => identity === identityOf(pent));
    if (entry === undefined) return newTracked(pent, now(scene));
    entry.leftRunning = undefined;
    if (scene.retired.includes(entry)) entry.unsure = 'it was added again while its script may run';
    if (entry.goneSince !== undefined && entry.pent.startWaitSeconds !== pent.startWaitSeconds) {
      entry.isLeavingUnsure = true;
    }
    entry.pent = pent;
    entry.checkedAt = now(scene);
    const { startWaitSeconds, restartDelaySeconds, restartIntervalSeconds } = pent;
    entry.actsBy += (startWaitSeconds + restartDelaySeconds + restartIntervalSeconds) * 1000;
    return entry;
  });
  for (const entry of before) {
    if (scene.entries.includes(entry)) continue;
    entry.leftRunning = [...entry.scripts].find((being) => isAlive(being) && isScript(being));
  }
  scene.retired = [...scene.retired, ...before].filter(
    (entry) => !scene.entries.includes(entry) && entry.status === 'RESTART',
  );
}
