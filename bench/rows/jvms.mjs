// A hundred services like JVMs: one NAME for all, command lines of 300 KiB, and what tells them apart is the
// last word. What a pcheck costs that watches them and has nothing to do, death to script, and the longest
// turn of its loop meanwhile.
import { startAsker } from '../stage/asker.mjs';
import { startCrowd } from '../stage/crowd.mjs';
import { killInTurns } from '../stage/deaths.mjs';
import { answerRow } from '../stage/disturbed.mjs';
import { startFloor, startIdleFloor } from '../stage/floor.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { idlePercents } from '../stage/process-cost.mjs';
import { asSupervisor } from '../stage/psaver.mjs';
import { figure, milliseconds, percent, spread } from '../stage/result.mjs';
import { seeded } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay } from '../stage/waiting.mjs';

const SERVICES = 100;
const NAME = '/usr/lib/bench/jdk/bin/java';
const MONITOR_INTERVAL_SECONDS = 10;
const P95_MILLISECONDS_MAX = 20;
/** The longest turn may be that of a full check. */
const FULL_CHECKS = 2;

export const jvms = {
  name: 'jvms',
  async run(stage) {
    const { pids } = stage.holds(startCrowd(stage, 'service-', SERVICES, 'jvm'));
    const entries = [...pids.keys()].map((id) => ({
      id,
      name: NAME,
      kind: 'jvm',
      options: [`include_strings=${id}`],
    }));
    const pcheck = await startPcheck(stage, entries, {
      parameters: `MONITOR_INTERVAL ${MONITOR_INTERVAL_SECONDS}`,
    });
    const idleFloor = await startIdleFloor(stage, pids.values(), MONITOR_INTERVAL_SECONDS);
    const [own, ofFloor] = await idlePercents(stage, [pcheck.pid, idleFloor.pid]);
    const floor = await startFloor(stage, 'floor-', 10, 'jvm');
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const asker = startAsker(stage, pcheck);
    const [psaver, floorDeaths] = await killInTurns([asSupervisor(pcheck, pids), floor], killer, {
      times: stage.times,
      random: seeded(stage.seed),
    });
    await delay(FULL_CHECKS * MONITOR_INTERVAL_SECONDS * 1000);
    return [
      idleRow(stage, own, ofFloor),
      deathRow(psaver, floorDeaths),
      answerRow(`longest answer, ${SERVICES} like JVMs`, await asker.longest()),
    ];
  },
};

function idleRow(stage, own, floor) {
  const row = `idle CPU, ${SERVICES} like JVMs`;
  return {
    row,
    measured: percent(own),
    spread: `of one core, over ${stage.seconds} s, MONITOR_INTERVAL ${MONITOR_INTERVAL_SECONDS}`,
    beside: `C floor ${percent(floor)}`,
    ratio: own / floor,
    figures: [figure(row, own, percent)],
  };
}

function deathRow(psaver, floor) {
  const row = `death to script, ${SERVICES} like JVMs`;
  return {
    row,
    measured: `${milliseconds(psaver.median)}${psaver.isHeldUp ? ', then none in time' : ''}`,
    spread: `${spread(psaver, milliseconds)}, p95 ${milliseconds(psaver.p95)}`,
    beside: `C floor ${milliseconds(floor.median)}`,
    ratio: psaver.median / floor.median,
    target: `p95 < ${P95_MILLISECONDS_MAX} ms`,
    isMet: !psaver.isHeldUp && psaver.p95 < P95_MILLISECONDS_MAX,
    figures: [figure(row, psaver.median, milliseconds), figure(`${row}, p95`, psaver.p95, milliseconds)],
  };
}
