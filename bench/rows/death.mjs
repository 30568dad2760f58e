// Death to script: from just before kill(2) to the first instruction of the restart program. Beside the C floor, and
// beside monit and runit where they are installed; all take turns with the same machine.

import { nameOf, startCrowd } from '../stage/crowd.mjs';
import { startFloor } from '../stage/floor.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { startMonit, startRunit } from '../stage/peers.mjs';
import { beside, milliseconds, spread } from '../stage/result.mjs';
import { seeded, summary } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay, until } from '../stage/waiting.mjs';

const OTHERS = 2000;
const P95_MILLISECONDS_MAX = 20;
const MILLISECONDS_MAX = 5;
/** runit waits a second before it starts a service that lived for less. */
const RUNIT_SECOND = 1100;
const SETTLED_MILLISECONDS = 2000;

export const death = {
  name: 'death',
  async run(stage) {
    stage.holds(startCrowd(stage, '/usr/lib/bench/other-', OTHERS));
    const few = await measure(stage, 10, true);
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
      },
      {
        row: 'death to script, 1,000 entries',
        measured: milliseconds(manyPsaver.median),
        spread: `${spread(manyPsaver, milliseconds)}, p95 ${milliseconds(manyPsaver.p95)}`,
        beside: `${beside(many, milliseconds)}; 10 entries ${milliseconds(psaver.median)}`,
        ratio: manyPsaver.median / many.get('C floor').median,
        target: '≤ 2 × that of 10 entries',
        isMet: manyPsaver.median <= 2 * psaver.median,
      },
    ];
  },
};

/** Supervisor → summary in milliseconds. */
async function measure(stage, entries, withPeers) {
  const killer = stage.holds(lineProgram(stage.tools.killer, []));
  const supervisors = [
    await startPsaver(stage, entries),
    await startFloor(stage, `/usr/lib/bench/floor-${entries}-`, entries),
    ...(withPeers ? [await startMonit(stage, entries), await startRunit(stage, entries)] : []),
  ].filter((supervisor) => supervisor !== undefined);
  // A process that has just been started may be about to exec, and is read at every look: these thousands are not.
  await delay(SETTLED_MILLISECONDS);
  const random = seeded(stage.seed);
  const taken = new Map(supervisors.map(({ label }) => [label, []]));
  for (let round = 0; round < stage.repetitions; round++) {
    const next = delay(withPeers ? RUNIT_SECOND : 20 + random(100));
    for (const supervisor of supervisors) {
      taken.get(supervisor.label).push(await killOne(supervisor, killer, random(entries)));
    }
    await next;
  }
  for (const supervisor of supervisors) await supervisor.end();
  return new Map([...taken].map(([label, values]) => [label, summary(values)]));
}

async function startPsaver(stage, entries) {
  const prefix = `/usr/lib/bench/watched-${entries}-`;
  const crowd = stage.holds(startCrowd(stage, prefix, entries));
  const pcheck = stage.holds(await startPcheck(stage, [...crowd.pids.keys()]));
  let ups = entries;
  return {
    label: 'psaver',
    record: pcheck.record,
    pids: crowd.pids,
    prefix,
    async settled() {
      ups += 1;
      await until(
        `the new process is Up; logged:\n${pcheck.log.tail()}`,
        () => pcheck.log.count('up') >= ups,
      );
    },
    end: () => pcheck.end(),
  };
}

async function killOne({ label, record, pids, prefix, settled }, killer, index) {
  const name = nameOf(prefix, index);
  const from = record.starts().length;
  const killedAt = BigInt(await killer.ask(String(pids.get(name))));
  const start = await until(`${label} starts ${name} again`, () => record.find(name, from));
  pids.set(name, start.pid);
  await settled(name, start.pid);
  return Number(start.at - killedAt) / 1e6;
}
