// Death to script: from just before kill(2) to the first instruction of the restart program. Beside the C
// floor, and beside monit and runit where they are installed; all take turns with the same machine.

import { startCrowd } from '../stage/crowd.mjs';
import { killInTurns } from '../stage/deaths.mjs';
import { startFloor } from '../stage/floor.mjs';
import { startMonit, startRunit } from '../stage/peers.mjs';
import { startPsaver } from '../stage/psaver.mjs';
import { beside, figure, milliseconds, spread, times } from '../stage/result.mjs';
import { seeded } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay } from '../stage/waiting.mjs';

const OTHERS = 2000;
const P95_MILLISECONDS_MAX = 20;
const MILLISECONDS_MAX = 5;
/** By how much one build may be slower than another. */
const SLOWER_MILLISECONDS = 0.2;
/** runit waits a second before it starts a service that lived for less. */
const RUNIT_MILLISECONDS = 1100;
const SETTLED_MILLISECONDS = 2000;

export const death = {
  name: 'death',
  async run(stage) {
    stage.holds(startCrowd(stage, '/usr/lib/bench/other-', OTHERS));
    const few = await measure(stage, 10, !stage.isCompared);
    const many = await measure(stage, 1000, false);
    const [psaver, floor] = [few.get('psaver'), few.get('C floor')];
    const manyPsaver = many.get('psaver');
    return [
      {
        row: 'death to script, 10 entries',
        measured: milliseconds(psaver.median),
        spread: `${spread(psaver, milliseconds)}, p95 ${milliseconds(psaver.p95)}`,
        beside: beside(few, milliseconds),
        ratio: psaver.median / floor.median,
        target: `≤ 3 × floor, < ${MILLISECONDS_MAX} ms, p95 < ${P95_MILLISECONDS_MAX} ms`,
        isMet:
          psaver.median <= 3 * floor.median &&
          psaver.median < MILLISECONDS_MAX &&
          psaver.p95 < P95_MILLISECONDS_MAX,
        figures: figures('10 entries', psaver, floor),
      },
      {
        row: 'death to script, 1,000 entries',
        measured: milliseconds(manyPsaver.median),
        spread: `${spread(manyPsaver, milliseconds)}, p95 ${milliseconds(manyPsaver.p95)}`,
        beside: `${beside(many, milliseconds)}; 10 entries ${milliseconds(psaver.median)}`,
        ratio: manyPsaver.median / many.get('C floor').median,
        target: '≤ 2 × that of 10 entries',
        isMet: manyPsaver.median <= 2 * psaver.median,
        figures: figures('1,000 entries', manyPsaver, many.get('C floor')),
      },
    ];
  },
};

/** Supervisor → summary in milliseconds. */
async function measure(stage, entries, withPeers) {
  const killer = stage.holds(lineProgram(stage.tools.killer, []));
  const supervisors = [
    await startPsaver(stage, `/usr/lib/bench/watched-${entries}-`, entries),
    await startFloor(stage, `/usr/lib/bench/floor-${entries}-`, entries),
    ...(withPeers ? [await startMonit(stage, entries), await startRunit(stage, entries)] : []),
  ].filter((supervisor) => supervisor !== undefined);
  // A process that has just been started may be about to exec, and is read at every look: these thousands are
  // not.
  await delay(SETTLED_MILLISECONDS);
  const summaries = await killInTurns(supervisors, killer, {
    times: stage.deaths,
    random: seeded(stage.seed),
    pauseMilliseconds: withPeers ? RUNIT_MILLISECONDS : undefined,
  });
  for (const supervisor of supervisors) await supervisor.end();
  for (const [at, { label }] of supervisors.entries()) {
    if (summaries[at].isHeldUp) throw new Error(`${label} did not start a script in time`);
  }
  return new Map(supervisors.map(({ label }, at) => [label, summaries[at]]));
}

function figures(of, psaver, floor) {
  return [
    figure(`death to script, ${of}`, psaver.median, milliseconds, SLOWER_MILLISECONDS),
    figure(`death to script, ${of}, p95`, psaver.p95, milliseconds),
    figure(`death to script, ${of}, beside its floor`, psaver.median / floor.median, times),
  ];
}
