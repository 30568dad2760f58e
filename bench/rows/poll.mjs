// Death to script where the kernel tells nobody (PSAVER_EVENTS=off): a death is found at the next full check.
import { nameOf, startCrowd } from '../stage/crowd.mjs';
import { killOne } from '../stage/deaths.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { asSupervisor } from '../stage/psaver.mjs';
import { figure, milliseconds, spread } from '../stage/result.mjs';
import { seeded, summary } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay } from '../stage/waiting.mjs';

const ENTRIES = 10;
const OTHERS = 2000;
const INTERVAL_MILLISECONDS = 500;
const LATE_MILLISECONDS = 50;

export const poll = {
  name: 'poll',
  async run(stage) {
    stage.holds(startCrowd(stage, '/usr/lib/bench/other-', OTHERS));
    const prefix = '/usr/lib/bench/polled-';
    const { pids } = stage.holds(startCrowd(stage, prefix, ENTRIES));
    const pcheck = await startPcheck(stage, [...pids.keys()], {
      parameters: `MONITOR_INTERVAL ${INTERVAL_MILLISECONDS / 1000}`,
      environment: { PSAVER_EVENTS: 'off' },
    });
    const supervisor = asSupervisor(pcheck, pids);
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const random = seeded(stage.seed);
    const taken = [];
    for (let round = 0; round < stage.times; round++) {
      await delay(random(INTERVAL_MILLISECONDS));
      taken.push(await killOne(supervisor, killer, nameOf(prefix, random(ENTRIES))));
    }
    const all = summary(taken);
    return [
      {
        row: `death to script by polling, MONITOR_INTERVAL ${INTERVAL_MILLISECONDS / 1000}`,
        measured: `at most ${milliseconds(all.max)}`,
        spread: `median ${milliseconds(all.median)}, ${spread(all, milliseconds)}`,
        beside: `the interval, ${INTERVAL_MILLISECONDS} ms`,
        ratio: all.max / INTERVAL_MILLISECONDS,
        target: `≤ MONITOR_INTERVAL + ${LATE_MILLISECONDS} ms`,
        isMet: all.max <= INTERVAL_MILLISECONDS + LATE_MILLISECONDS,
        figures: [figure('death to script by polling, at most', all.max, milliseconds, LATE_MILLISECONDS)],
      },
    ];
  },
};
