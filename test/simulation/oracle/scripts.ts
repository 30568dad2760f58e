// The rules of what pcheck starts: one script of an entry at most, within its time limit, also when a reload has
// removed the entry meanwhile (SPEC 4.3, 4.7, 4.11).
import type { Being } from '../population.ts';
import { isAlive, isScript } from '../truth.ts';
import { Violation } from '../violation.ts';
import type { Tracked } from './entry.ts';
import {
  BLIND_RETRY_MILLISECONDS,
  broken,
  byName,
  isLate,
  now,
  type Scene,
  SLACK_MILLISECONDS,
  TERM_TO_KILL_MILLISECONDS,
} from './scene.ts';
import { startsOf } from './starts.ts';

export function scriptTimeout(scene: Scene, name: string): void {
  const entry = byScriptOf(scene, name, limitDueAt);
  if (now(scene) < entry.limitAt - 1) broken('restart_timeout is waited for', entry, `${entry.limitAt}`);
  if (isLate(scene, Math.max(entry.limitAt, entry.limitPutOffTo)))
    broken('restart_timeout is kept', entry, `${entry.limitAt}`);
  scene.seen.timeouts += 1;
  entry.timedOutAt = now(scene);
}

export function scriptKilled(scene: Scene, name: string): void {
  const entry = byScriptOf(scene, name, killDueAt);
  if (now(scene) < killDueAt(entry) - 1) broken('SIGKILL is 10 s after SIGTERM', entry, '');
  entry.killedAt = now(scene);
}

export function scriptBecameService(scene: Scene, name: string): void {
  for (const { pent, scripts } of [...scene.entries, ...scene.retired]) {
    if (pent.name !== name) continue;
    for (const being of scripts) {
      if (isScript(being)) continue;
      scripts.delete(being);
      scene.ours.delete(being);
    }
  }
}

export function removedScriptEnded(scene: Scene, name: string): void {
  const over = scene.retired.filter(({ pent, scripts }) => pent.name === name && ![...scripts].some(isAlive));
  const entry = over.find(({ leftRunning }) => leftRunning !== undefined) ?? over[0];
  if (entry === undefined) throw new Violation('the end of a removed script is told when it is over', name);
  scene.retired = scene.retired.filter((other) => other !== entry);
}

export function judgeRetired(scene: Scene, entry: Tracked): void {
  const slack = SLACK_MILLISECONDS + BLIND_RETRY_MILLISECONDS;
  const killAt =
    Math.max(entry.limitAt, entry.limitPutOffTo, entry.timedOutAt ?? 0) + TERM_TO_KILL_MILLISECONDS;
  for (const being of entry.scripts) {
    if (isAlive(being) && isScript(being) && !being.isUnkillable) {
      if (isLate(scene, killAt, slack))
        broken('nothing waits for ever', entry, 'the script of a removed entry');
    }
  }
  const { leftRunning, killedAt = 0 } = entry;
  if (leftRunning?.diedAt === undefined || !isScript(leftRunning) || hasScript(scene, entry)) return;
  const overSince = Math.max(leftRunning.diedAt, killedAt);
  if (isLate(scene, overSince, slack))
    broken('the end of a removed script is told', entry, `over since ${overSince}`);
}

/** Entries of one NAME may have a script each: one of the pfile, others that were removed while theirs ran. */
function byScriptOf(scene: Scene, name: string, dueAt: (entry: Tracked) => number): Tracked {
  const [due] = [...scene.entries, ...scene.retired]
    .filter((entry) => entry.pent.name === name && hasScript(scene, entry) && dueAt(entry) <= now(scene) + 1)
    .sort((one, other) => dueAt(one) - dueAt(other));
  return due ?? byName(scene, name);
}

function limitDueAt({ limitAt, timedOutAt }: Tracked): number {
  return timedOutAt === undefined ? limitAt : Infinity;
}

function killDueAt({ timedOutAt, killedAt }: Tracked): number {
  return killedAt === undefined ? (timedOutAt ?? Infinity) + TERM_TO_KILL_MILLISECONDS : Infinity;
}

/** As far as pcheck can know: after a time-out it lasts as long as its group, and its end may not be told yet. */
function hasScript(scene: Scene, entry: Tracked): boolean {
  const { scripts, mayHaveScript, timedOutAt } = entry;
  if (mayHaveScript || startsOf(scene, entry, '/start').length > 0) return true;
  return [...scripts].some(
    (script) =>
      isAlive(script) ||
      isLikelyUnheard(scene, script) ||
      (timedOutAt !== undefined && [...scene.population.all].some((being) => isOfGroup(being, script))),
  );
}

function isLikelyUnheard(scene: Scene, { diedAt }: Being): boolean {
  return diedAt === now(scene) || scene.excusedUntil >= now(scene);
}

function isOfGroup({ process }: Being, script: Being): boolean {
  return process.processGroup === script.process.pid;
}
