// Death to script while a file system stalls that holds the script, the NAME or the pidfile of another entry:
// beside what it is before, in the same run. And how long pcheck takes to answer, and to end when it is asked
// to.
import { copyFileSync, writeFileSync } from 'node:fs';
import { startAsker } from '../stage/asker.mjs';
import { nameOf, startCrowd } from '../stage/crowd.mjs';
import { killInTurns } from '../stage/deaths.mjs';
import { answerRow, disturbedRow, withinRatio } from '../stage/disturbed.mjs';
import { startFloor } from '../stage/floor.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { asSupervisor } from '../stage/psaver.mjs';
import { figure, milliseconds } from '../stage/result.mjs';
import { mountStallable } from '../stage/stalled-disk.mjs';
import { seeded } from '../stage/statistics.mjs';
import { hasEnded, isInstalled, lineProgram } from '../stage/tools.mjs';
import { delay, soon } from '../stage/waiting.mjs';

const OTHERS = 10;
const END_MILLISECONDS_MAX = 2000;
const END_SECONDS = 10;
/** By then whoever waits for the file system does. */
const STALLED_MILLISECONDS = 2000;

/** What lies on the file system → the entry, and the names of its processes. */
const HELD = {
  script({ folder, real }, { restart }) {
    copyFileSync(restart, `${real}/restart`);
    return { prefix: '/usr/lib/bench/held-', entry: { script: `${folder}/restart` } };
  },
  NAME({ folder, real }, { service }) {
    const program = nameOf('service-', 0);
    copyFileSync(service, `${real}/${program}`);
    return { prefix: `${folder}/service-`, entry: { service: `${folder}/${program}` } };
  },
  pidfile: ({ folder }) => ({
    prefix: '/usr/lib/bench/held-',
    entry: { options: [`pidfile=${folder}/pid`] },
  }),
};

export const stalled = {
  name: 'stalled',
  async run(stage) {
    const missing = ['bindfs', 'nsenter'].filter((program) => !isInstalled(program));
    if (process.getuid() !== 0 || missing.length > 0) {
      console.error(
        `stalled is left out: it needs root, bindfs and nsenter (missing: ${missing.join(', ')})`,
      );
      return [];
    }
    const rows = [];
    for (const what of Object.keys(HELD)) {
      rows.push(...(await measure(stage, what)));
      await stage.clear();
    }
    return rows;
  },
};

async function measure(stage, what) {
  const disk = await mountStallable(stage);
  const held = startHeld(stage, disk, what);
  const { pids } = stage.holds(startCrowd(stage, '/usr/lib/bench/other-', OTHERS));
  const pcheck = await startPcheck(stage, [held.entry, ...pids.keys()], {
    parameters: 'MONITOR_INTERVAL 1',
    enter: disk.enter,
  });
  const supervisors = [asSupervisor(pcheck, pids), await startFloor(stage, '/usr/lib/bench/floor-', OTHERS)];
  const killer = stage.holds(lineProgram(stage.tools.killer, []));
  const kill = () => killInTurns(supervisors, killer, { times: stage.times, random: seeded(stage.seed) });
  const before = await kill();
  disk.stall();
  await killer.ask(String(held.pid));
  const asker = startAsker(stage, pcheck);
  await delay(STALLED_MILLISECONDS);
  const during = await kill();
  const answer = await asker.longest();
  await asker.end();
  const begin = performance.now();
  pcheck.signal('SIGTERM');
  const hasCome = await soon(() => hasEnded(pcheck.child), END_SECONDS);
  const end = hasCome
    ? { milliseconds: performance.now() - begin, status: pcheck.child.exitCode }
    : { milliseconds: END_SECONDS * 1000, status: 'none' };
  // Else pcheck could not be ended.
  await disk.end();
  return [
    disturbedRow(`death to script of others, ${what} stalled`, withinRatio, before[0], during[0], {
      before: before[1],
      during: during[1],
    }),
    answerRow(`longest answer, ${what} stalled`, answer),
    endRow(what, end),
  ];
}

/** The process of the entry that the file system holds up. */
function startHeld(stage, disk, what) {
  const { prefix, entry } = HELD[what](disk, stage.tools);
  const { pids } = stage.holds(startCrowd(stage, prefix, 1));
  const [[id, pid]] = pids;
  writeFileSync(`${disk.real}/pid`, `${pid}\n`);
  return { pid, entry: { id, ...entry } };
}

function endRow(what, { milliseconds: taken, status }) {
  const row = `SIGTERM to the end of pcheck, ${what} stalled`;
  return {
    row,
    measured: milliseconds(taken),
    spread: `status ${status}`,
    beside: '',
    target: `≤ ${END_MILLISECONDS_MAX / 1000} s, status 0`,
    isMet: taken <= END_MILLISECONDS_MAX && status === 0,
    figures: [figure(row, taken, milliseconds)],
  };
}
