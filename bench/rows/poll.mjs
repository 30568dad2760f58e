// Death to script where the kernel tells nobody (PSAVER_EVENTS=off): a death is found at the next full check.
import { nameOf, startCrowd } from '../stage/crowd.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { milliseconds, spread } from '../stage/result.mjs';
import { seeded, summary } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay, until } from '../stage/waiting.mjs';

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
    const pcheck = stage.holds(
      await startPcheck(stage, [...pids.keys()], {
        parameters: `MONITOR_INTERVAL ${INTERVAL_MILLISECONDS / 1000}`,
        environment: { PSAVER_EVENTS: 'off' },
      }),
    );
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const random = seeded(stage.seed);
    const taken = [];
    for (let round = 0; round < stage.repetitions; round++) {
      await delay(random(INTERVAL_MILLISECONDS));
      const name = nameOf(prefix, random(ENTRIES));
      const ups = pcheck.log.count('up');
      const killedAt = BigInt(await killer.ask(String(pids.get(name))));
      const start = await until(`${name} is started again`, () => pcheck.record.find(name, round));
      taken.push(Number(start.at - killedAt) / 1e6);
      pids.set(name, start.pid);
      await until('it is Up', () => pcheck.log.count('up') > ups);
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
      },
    ];
  },
};
