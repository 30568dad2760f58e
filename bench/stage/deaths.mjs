// Death to script: kills one watched process after the other, and takes the time until its restart program
// began.
import { summary } from './statistics.mjs';
import { delay, InVain, until } from './waiting.mjs';

/** Whoever has not started a script by then is held up. */
const HELD_UP_SECONDS = 10;
/** So long a round may take; when all of them have used that up there is no further one. */
const ROUND_SECONDS = 2;
const PAUSE_MILLISECONDS = 20;
const PAUSE_MORE_MILLISECONDS = 100;

/**
 * `times` deaths of each supervisor, in turns: a summary for each, in milliseconds. Where a script does not
 * come in time no more of that supervisor's are killed, its last one has taken all the time, and `isHeldUp`
 * is set. When all takes far too long there are fewer.
 */
export async function killInTurns(supervisors, killer, { times, random, pauseMilliseconds }) {
  const taken = supervisors.map(() => []);
  const heldUp = new Set();
  const end = performance.now() + times * ROUND_SECONDS * 1000;
  for (let round = 0; round < times && performance.now() < end; round++) {
    const next = delay(pauseMilliseconds ?? PAUSE_MILLISECONDS + random(PAUSE_MORE_MILLISECONDS));
    for (const [at, supervisor] of supervisors.entries()) {
      const name = nameAt(supervisor, random);
      if (heldUp.has(supervisor)) continue;
      try {
        taken[at].push(await killOne(supervisor, killer, name, HELD_UP_SECONDS));
      } catch (error) {
        if (!(error instanceof InVain)) throw error;
        heldUp.add(supervisor);
        taken[at].push(HELD_UP_SECONDS * 1000);
      }
    }
    await next;
  }
  return supervisors.map((supervisor, at) => ({ ...summary(taken[at]), isHeldUp: heldUp.has(supervisor) }));
}

/**
 * Milliseconds. A supervisor has `label`, `record`, `pids` (name → pid) and `settled` (it watches the new
 * one).
 */
export async function killOne({ label, record, pids, settled }, killer, name, patienceSeconds) {
  const from = record.starts().length;
  const killedAt = BigInt(await killer.ask(String(pids.get(name))));
  const start = await until(`${label} starts ${name} again`, () => record.find(name, from), patienceSeconds);
  pids.set(name, start.pid);
  await settled(name, start.pid, patienceSeconds);
  return Number(start.at - killedAt) / 1e6;
}

/** Kills all of `names` at once, and waits until each is started again and Up. `what`: which step that is. */
export async function killAll(pcheck, killer, pids, names, what) {
  const from = pcheck.record.starts().length;
  await killer.ask(names.map((name) => pids.get(name)).join(' '));
  for (const name of names) {
    const { pid } = await until(`${what}: ${name} is started again`, () => pcheck.record.find(name, from));
    pids.set(name, pid);
    await until(`${what}: ${name} is Up again as ${pid}`, () => pcheck.log.takeUp(pid));
  }
}

function nameAt({ pids }, random) {
  return [...pids.keys()][random(pids.size)];
}
