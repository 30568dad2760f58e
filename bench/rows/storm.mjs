// 800 of 1,000 watched processes are killed at once: every script is started, soon, and once.
import { startCrowd } from '../stage/crowd.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { figure, milliseconds, number, spread } from '../stage/result.mjs';
import { seeded, summary } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay, soon, until } from '../stage/waiting.mjs';

const ENTRIES = 1000;
const KILLED = 800;
const SECONDS_MAX = 3;
const PATIENCE_SECONDS = 120;
/** Time for a second start that should not be. */
const AFTERWARDS_MILLISECONDS = 2000;

export const storm = {
  name: 'storm',
  async run(stage) {
    const { pids } = stage.holds(startCrowd(stage, '/usr/lib/bench/storm-', ENTRIES));
    const names = [...pids.keys()];
    const pcheck = await startPcheck(stage, names);
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const chosen = shuffled(names, seeded(stage.seed)).slice(0, KILLED);
    const killedAt = BigInt(await killer.ask(chosen.map((name) => pids.get(name)).join(' ')));
    await until('the first one is started again', () => pcheck.record.starts().length > 0);
    await soon(() => pcheck.record.starts().length >= KILLED, PATIENCE_SECONDS);
    await soon(() => pcheck.log.count('up') >= ENTRIES + KILLED, PATIENCE_SECONDS);
    await delay(AFTERWARDS_MILLISECONDS);
    const starts = pcheck.record.starts();
    const counts = chosen.map((name) => starts.filter((start) => start.name === name).length);
    const lost = counts.filter((count) => count === 0).length;
    const twice = starts.length - (KILLED - lost);
    const taken = summary(starts.map(({ at }) => Number(at - killedAt) / 1e6));
    return [
      {
        row: `${KILLED} of ${ENTRIES} killed at once, the last script`,
        measured: milliseconds(taken.max),
        spread: spread(taken, milliseconds),
        beside: `lost ${lost}, twice ${twice}`,
        target: `≤ ${SECONDS_MAX} s, none lost, none twice`,
        isMet: taken.max <= SECONDS_MAX * 1000 && lost === 0 && twice === 0,
        figures: [
          figure(`${KILLED} killed at once, the last script`, taken.max, milliseconds),
          figure(`${KILLED} killed at once, lost or twice`, lost + twice, number),
        ],
      },
    ];
  },
};

function shuffled(list, random) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}
