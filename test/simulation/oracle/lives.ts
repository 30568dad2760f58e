// The rules of how pcheck begins and ends: with the record of one that was killed, or without; with nothing of its
// own left behind (SPEC 4.12, 7).
import type { Pfile } from '../../../src/pfile/types.ts';
import { isAlive, isScript } from '../truth.ts';
import { identityOf, newTracked } from './entry.ts';
import { readRecord } from './record.ts';
import { broken, now, type Scene } from './scene.ts';
import { takenUp } from './taken-up.ts';

export function beginning(scene: Scene, pfile: Pfile): void {
  scene.intervalMilliseconds = pfile.parameters.monitorIntervalSeconds * 1000;
  scene.isOver = false;
  scene.begunAt = now(scene);
  scene.wasBlindAtFirst = scene.system.proc.failure !== undefined;
  scene.isRunning = true;
  scene.hasResumed = false;
  scene.mustEndSince = undefined;
  scene.endingSince = undefined;
  scene.excusedUntil = Math.max(scene.excusedUntil, now(scene));
  const record = readRecord(scene.system, pfile);
  scene.mayResume = record.usable;
  const before = [...scene.entries];
  scene.entries = pfile.pents.map((pent) => {
    const known = before.find(({ identity }) => identity === identityOf(pent));
    const recorded = record.entries.get(identityOf(pent));
    if (record.usable === 'no' || recorded === undefined) return newTracked(pent, now(scene));
    return takenUp(scene, pent, known, recorded);
  });
  scene.retired = [];
  scene.ours.clear();
  scene.startsDue.clear();
  for (const { scripts } of scene.entries) for (const being of scripts) scene.ours.add(being);
  scene.wasKilledWithin = false;
  scene.isRecordStale = false;
}

export function begun(scene: Scene): void {
  if (scene.mayResume === 'yes' && !scene.hasResumed) broken('a killed pcheck is resumed', undefined, '');
  scene.mayResume = 'no';
}

export function ended(scene: Scene): void {
  for (const { isGivenUp, command } of scene.system.hanging()) {
    if (!isGivenUp) broken('the end gives up what has not begun', undefined, command.path);
  }
  scene.isRunning = false;
  scene.isOver = true;
  scene.endingSince = undefined;
  scene.mustEndSince = undefined;
  for (const being of scene.ours) {
    if (!isAlive(being) || !isScript(being) || being.isUnkillable) continue;
    // Exception: one that ran before this pcheck, which could not look at the processes when it began.
    if (being.bornAt < scene.begunAt && scene.wasBlindAtFirst) continue;
    broken('the end stops scripts and checks', undefined, being.process.argv.join(' '));
  }
  if (scene.system.record.read() !== undefined) broken('an ordinary end leaves no record', undefined, '');
}

export function killed(scene: Scene, isWithin: boolean): void {
  scene.isRunning = false;
  // What was decided for other entries in the turn of a retry-over is recorded, too, and not told.
  scene.wasKilledWithin = isWithin || scene.endingSince !== undefined || scene.mustEndSince !== undefined;
  if (scene.endingSince !== undefined || scene.mustEndSince !== undefined) scene.isOver = true;
  scene.endingSince = undefined;
  scene.mustEndSince = undefined;
}
