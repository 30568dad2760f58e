// Random kills while processes come and go all over the machine, with and without the kernel's help: none is
// lost, none is told of that was not.

import { startCrowd } from '../stage/crowd.mjs';
import { killAll } from '../stage/deaths.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { figure, number } from '../stage/result.mjs';
import { seeded } from '../stage/statistics.mjs';
import { endChild, lineProgram, startChild } from '../stage/tools.mjs';
import { delay } from '../stage/waiting.mjs';

const ENTRIES = 100;
const AT_ONCE_MAX = 20;
const FORKS_A_SECOND = 200;
const AFTERWARDS_MILLISECONDS = 500;

export const kills = {
  name: 'kills',
  async run(stage) {
    const storm = startChild(stage.tools['fork-storm'], [String(FORKS_A_SECOND)], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    stage.holds({ end: () => endChild(storm, () => storm.stdin.end()) });
    return [await killMany(stage, 'events', {}), await killMany(stage, 'polling', { PSAVER_EVENTS: 'off' })];
  },
};

async function killMany(stage, mode, environment) {
  const { pids } = stage.holds(startCrowd(stage, `/usr/lib/bench/killed-${mode}-`, ENTRIES));
  const names = [...pids.keys()];
  const pcheck = await startPcheck(stage, names, { parameters: 'MONITOR_INTERVAL 0.1', environment });
  const killer = stage.holds(lineProgram(stage.tools.killer, []));
  const random = seeded(stage.seed);
  let killed = 0;
  while (killed < stage.kills) {
    const chosen = new Set(Array.from({ length: 1 + random(AT_ONCE_MAX) }, () => names[random(ENTRIES)]));
    killed += chosen.size;
    await killAll(pcheck, killer, pids, [...chosen], `kill ${killed} of ${stage.kills}, ${mode}`);
  }
  // What comes too much comes late.
  await delay(AFTERWARDS_MILLISECONDS);
  const falseDowns = pcheck.log.count('down') - killed;
  const starts = pcheck.record.starts().length;
  return {
    row: `${killed} random kills, ${mode}, ${FORKS_A_SECOND} forks a second`,
    measured: `${starts} scripts`,
    spread: `seed ${stage.seed}`,
    beside: `${falseDowns} Down too many`,
    target: 'none lost, no false Down',
    isMet: starts === killed && falseDowns === 0,
    figures: [
      figure(`random kills, ${mode}: scripts too many or too few`, Math.abs(starts - killed), number),
      figure(`random kills, ${mode}: Down too many`, falseDowns, number),
    ],
  };
}
