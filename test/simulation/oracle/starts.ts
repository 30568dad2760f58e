// The rules of what pcheck has started before it has begun: it counts as a script of its entry, and one that was given up,
// at its time limit or at the end of pcheck, never begins (SPEC 4.3, 4.12).
import type { HangingStart } from '../../../src/system/simulated/scripts.ts';
import type { ScriptCommand } from '../../../src/system/types.ts';
import type { Being } from '../population.ts';
import { isAlive, isScript } from '../truth.ts';
import type { Tracked } from './entry.ts';
import { BLIND_RETRY_MILLISECONDS, broken, byName, isLate, now, type Scene } from './scene.ts';
import { pidsOf } from './there.ts';

const LIMIT_MILLISECONDS: Readonly<Record<string, number>> = { '/over': 10_000, '/shutdown': 30_000 };

export function starting(scene: Scene, { path, environment }: ScriptCommand): void {
  const token = environment['PSAVER_RUN'] ?? '';
  const limit = LIMIT_MILLISECONDS[path];
  if (limit !== undefined) {
    scene.startsDue.set(token, now(scene) + limit);
    return;
  }
  if (scene.isOver || scene.endingSince !== undefined || scene.mustEndSince !== undefined) {
    broken('nothing is started after the end', undefined, path);
  }
  const entry = byName(scene, environment['PSAVER_NAME'] ?? '');
  judgeOthers(scene, entry, path);
  if (startsOf(scene, entry, path).length > 0) broken('a start that hangs is a script', entry, path);
  entry.starts.add(token);
  if (path === '/check') {
    if (entry.status !== 'AVAIL' || !entry.isOn) broken('checks run in AVAIL only', entry, entry.status);
    entry.checkedAt = now(scene);
    scene.startsDue.set(token, now(scene) + (entry.pent.check?.timeoutSeconds ?? 0) * 1000);
    return;
  }
  if (entry.triedAt !== now(scene)) broken('a script is told before it is run', entry, '');
  if (Number(environment['PSAVER_RETRY_COUNT']) !== entry.retryCount) {
    broken('a script is told the counters', entry, environment['PSAVER_RETRY_COUNT'] ?? '');
  }
}

/** It has truly begun, however late. */
export function scriptBegun(scene: Scene, being: Being): void {
  const { path = '', environment = {} } = being.script?.command ?? {};
  const token = environment['PSAVER_RUN'] ?? '';
  scene.ours.add(being);
  if (!scene.isRunning) broken('nothing begins after pcheck', undefined, path);
  scene.startsDue.delete(token);
  if (LIMIT_MILLISECONDS[path] !== undefined) return;
  const entry = [...scene.entries, ...scene.retired].find(({ starts }) => starts.has(token));
  if (entry === undefined) broken('nothing begins whose entry does not wait for it', undefined, path);
  judgeOthers(scene, entry, path);
  (path === '/start' ? entry.scripts : entry.checks).add(being);
  if (scene.retired.includes(entry)) entry.leftRunning ??= being;
  if (path === '/start' && entry.timedOutAt !== undefined)
    broken('nothing begins after its limit', entry, path);
}

export function givenUp(scene: Scene, { path, environment }: ScriptCommand): void {
  scene.seen.givenUp += 1;
  if (path !== '/start' || scene.endingSince !== undefined) return;
  const token = environment['PSAVER_RUN'] ?? '';
  const all = [...scene.entries, ...scene.retired];
  const name = all.find(({ starts }) => starts.has(token))?.pent.name;
  // Entries of one NAME may have a script each, and the log does not say which of them it tells of.
  const isTold = all.some(({ pent, timedOutAt }) => pent.name === name && timedOutAt !== undefined);
  if (!isTold) broken('a start has all its time', undefined, name ?? '');
}

/** After every step: who had to be given up was. */
export function judgeStarts(scene: Scene): void {
  for (const start of scene.system.hanging()) {
    if (start.isGivenUp) continue;
    const due = scene.startsDue.get(tokenOf(start)) ?? Infinity;
    if (isLate(scene, due)) broken('a start is given up at its limit', undefined, start.command.path);
  }
  for (const entry of [...scene.entries, ...scene.retired]) {
    const starts = startsOf(scene, entry, '/start');
    if (entry.timedOutAt !== undefined && starts.some(({ isGivenUp }) => !isGivenUp)) {
      broken('a start is given up at restart_timeout', entry, '');
    }
    // Exception: no signal ends its child.
    if (starts.some(({ isGivenUp, mode }) => isGivenUp && mode === 'hangs-in-kernel')) {
      Object.assign(entry, { actsBy: Infinity, hasStuckStart: true });
    }
  }
}

/** What was given up and did not end has ended. */
export function thawed(scene: Scene): void {
  for (const entry of [...scene.entries, ...scene.retired]) {
    if (!entry.hasStuckStart) continue;
    entry.hasStuckStart = false;
    entry.actsBy = entry.isOn ? now(scene) + 200 + entry.pent.startWaitSeconds * 1000 : Infinity;
  }
}

/** pcheck could not act for so long, and gives the time back. */
export function postponeStarts(scene: Scene, milliseconds: number): void {
  const more = 2 * (milliseconds + BLIND_RETRY_MILLISECONDS);
  for (const [token, due] of scene.startsDue) scene.startsDue.set(token, due + more);
  for (const entry of [...scene.entries, ...scene.retired]) {
    if (entry.timedOutAt !== undefined || entry.limitAt > now(scene)) continue;
    entry.limitPutOffTo = Math.max(entry.limitPutOffTo, now(scene) + more);
    entry.actsBy += more;
  }
}

/** Those of this entry that hang. */
export function startsOf({ system }: Scene, { starts }: Tracked, path: string): HangingStart[] {
  return system.hanging().filter((start) => start.command.path === path && starts.has(tokenOf(start)));
}

function judgeOthers(_: Scene, entry: Tracked, path: string): void {
  const kind = path === '/start' ? entry.scripts : entry.checks;
  for (const other of kind) {
    if (!isAlive(other) || !isScript(other)) kind.delete(other);
    else if (path === '/start') broken('never two scripts of one entry', entry, pidsOf([other]));
    else broken('checks of an entry never overlap', entry, pidsOf([other]));
  }
}

function tokenOf({ command }: HangingStart): string {
  return command.environment['PSAVER_RUN'] ?? '';
}
