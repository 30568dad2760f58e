// What there is in the world for an entry: what surely fits, what may, whether that is enough (SPEC 3, 4.2, 4.8).
import type { Being } from '../population.ts';
import { fits, isAlive, type Verdict } from '../truth.ts';
import type { Left, Tracked } from './entry.ts';
import { now, type Scene, SLACK_MILLISECONDS } from './scene.ts';

/** The truth has changed: since when is what is watched gone, or too few of it there? */
export function lookAtTruth(scene: Scene): void {
  for (const entry of scene.entries) {
    if (entry.status !== 'AVAIL') continue;
    if (!isGone(entry)) entry.goneSince = undefined;
    else entry.goneSince ??= entry.held?.diedAt ?? now(scene);
    if (surelyThere(scene, entry).length < entry.pent.minProcCount) entry.lastFewAt = now(scene);
    if (possiblyThere(scene, entry).length >= entry.pent.minProcCount) entry.fewSince = undefined;
    else entry.fewSince ??= now(scene);
  }
}

/** How many fit at least; those of this very moment are too young to have been seen. */
export function surelyThere(scene: Scene, entry: Tracked): Being[] {
  return [...scene.population.all].filter((being) => {
    if (being.bornAt >= now(scene) || being === entry.stalled) return false;
    const verdict = fits(entry.pent, being);
    const isHeld = verdict === 'unknown' && being === entry.held && !being.isTitleNew;
    if (verdict !== 'yes' && !isHeld) return false;
    return isOrphan(scene, entry, being) === 'no';
  });
}

function possiblyThere(scene: Scene, entry: Tracked): Being[] {
  return [...scene.population.all].filter(
    (being) =>
      being !== entry.stalled && fits(entry.pent, being) !== 'no' && isOrphan(scene, entry, being) !== 'yes',
  );
}

export function isGone({ held, pent }: Tracked): boolean {
  return held === undefined || !isAlive(held) || fits(pent, held) === 'no';
}

/** Two entries of the pfile mean the same program: the first restarts it. */
export function isShared(scene: Scene, { pent }: Tracked): boolean {
  const program = pent.name.at(-1);
  return scene.entries.some(({ pent: other }) => other.name !== pent.name && other.name.at(-1) === program);
}

export function isHealthy(scene: Scene, entry: Tracked): boolean {
  const there = surelyThere(scene, entry);
  if (there.length < entry.pent.minProcCount) return false;
  // A new command line may have been read, or not.
  if (entry.held?.isTitleNew) return false;
  if (!isGone(entry)) return true;
  return entry.pent.pidfile === undefined || there.some((being) => namedByPidfile(scene, entry, being));
}

/** A worker that the dead process left behind (SPEC 4.2). */
export function isOrphan(scene: Scene, entry: Tracked, being: Being): Verdict {
  const kin = [...entry.dead].filter(([dead, { image }]) => dead !== being && image === being.image);
  if (namedByPidfile(scene, entry, being)) return 'no';
  // Of one that was noted while a script ran, or that lived while nobody looked: the log does not tell.
  if (kin.length === 0) return scene.population.hasDeadKin(being) ? 'unknown' : 'no';
  const verdicts = kin.map(([dead, left]) => wasLeftBy(scene, dead, left, being));
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.includes('unknown') ? 'unknown' : 'no';
}

function wasLeftBy(
  scene: Scene,
  dead: Being,
  { noticedAt, startWaitSeconds, stalledAt }: Left,
  being: Being,
): Verdict {
  if (Number.isNaN(noticedAt)) return 'unknown';
  // It lives, but as something else now: whether its forks are workers that it left, nobody says.
  if (isAlive(dead)) return 'unknown';
  if (being.process.session !== dead.process.session) return 'unknown';
  const age = (stalledAt ?? dead.diedAt ?? now(scene)) - dead.bornAt;
  const limit = startWaitSeconds * 1000;
  // A death that is seen late counts as that of an older process.
  if (age < limit - 20) return noticedAt - dead.bornAt < limit - 20 ? 'no' : 'unknown';
  // A sibling, not a child: both were forked by another.
  if (being.bornAt < dead.bornAt) return 'unknown';
  // How old it was when it was seen the last time, only pcheck knows.
  const unseen = scene.intervalMilliseconds + SLACK_MILLISECONDS;
  return age - unseen < limit || scene.excusedUntil > noticedAt - unseen ? 'unknown' : 'yes';
}

function namedByPidfile(scene: Scene, { pent }: Tracked, being: Being): boolean {
  if (pent.pidfile === undefined) return false;
  return Number.parseInt(scene.system.disk.get(pent.pidfile) ?? '', 10) === being.process.pid;
}

export function pidsOf(beings: readonly Being[]): string {
  return `pids ${beings.map(({ process }) => process.pid).join(' ')}`;
}
