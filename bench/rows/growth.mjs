// Whether a pcheck grows with what it has done: RSS after 1,000 restarts and 1,000 reloads, beside what it
// was before.
import { startCrowd } from '../stage/crowd.mjs';
import { killAll } from '../stage/deaths.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { memoryKib } from '../stage/process-cost.mjs';
import { figure, mebibytes } from '../stage/result.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay, until } from '../stage/waiting.mjs';

const ENTRIES = 10;
const TIMES = 1000;
/** What every pcheck has done once, its code compiled. */
const WARM_UP_TIMES = 50;
const SETTLE_SECONDS = 35;
const MORE_MAX_KIB = 2 * 1024;

export const growth = {
  name: 'growth',
  async run(stage) {
    const { pids } = stage.holds(startCrowd(stage, '/usr/lib/bench/growth-', ENTRIES));
    const pcheck = await startPcheck(stage, [...pids.keys()], { parameters: 'MONITOR_INTERVAL 0.5' });
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    await restartAndReload(pcheck, killer, pids, WARM_UP_TIMES);
    await delay(SETTLE_SECONDS * 1000);
    const before = memoryKib(pcheck.pid);
    await restartAndReload(pcheck, killer, pids, TIMES);
    await delay(SETTLE_SECONDS * 1000);
    const after = memoryKib(pcheck.pid);
    const more = after.rss - before.rss;
    return [
      {
        row: `RSS after ${TIMES} restarts and ${TIMES} reloads`,
        measured: `${mebibytes(more)} more`,
        spread: `private ${mebibytes(after.private - before.private)} more`,
        beside: `${mebibytes(before.rss)} after ${WARM_UP_TIMES} of each`,
        target: '< 2 MB more',
        isMet: more < MORE_MAX_KIB,
        figures: [
          figure('RSS more after restarts and reloads', more, mebibytes),
          figure('private more after restarts and reloads', after.private - before.private, mebibytes),
        ],
      },
    ];
  },
};

async function restartAndReload(pcheck, killer, pids, times) {
  for (let done = 0; done < times; done += ENTRIES) {
    await killAll(pcheck, killer, pids, [...pids.keys()], `restart ${done} to ${done + ENTRIES} of ${times}`);
  }
  for (let done = 0; done < times; done++) {
    const reloads = pcheck.log.count('reload');
    pcheck.signal('SIGHUP');
    await until(`reload ${done} of ${times} is done`, () => pcheck.log.count('reload') > reloads);
  }
}
