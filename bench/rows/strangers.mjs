// Death to script while 300 processes of another user come and go, each with a command line of 1.8 MB, half
// of them under the NAME of an entry: beside what it is in the same run without them, and beside the C floor,
// which reads nobody's.
import { startAsker } from '../stage/asker.mjs';
import { startCrowd } from '../stage/crowd.mjs';
import { killInTurns } from '../stage/deaths.mjs';
import { answerRow, disturbedRow, withinRatio } from '../stage/disturbed.mjs';
import { startFloor } from '../stage/floor.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { asSupervisor } from '../stage/psaver.mjs';
import { seeded } from '../stage/statistics.mjs';
import { lineProgram } from '../stage/tools.mjs';
import { delay } from '../stage/waiting.mjs';

const ENTRIES = 10;
const STRANGERS = 300;
const COMMAND_LINE_BYTES = 1_800_000;
const NOBODY = 65534;
/** The strangers have all been there for as long when the first service is killed. */
const CROWDED_MILLISECONDS = 5000;

const SAME_NAME_MILLISECONDS_MAX = 1000;
const withinSecond = {
  target: '≤ 1 s, each',
  isMet: (_, { max }) => max <= SAME_NAME_MILLISECONDS_MAX,
};

/** Entries of a NAME that no stranger has, and of one that half of them have: with `user=`, and without. */
const KINDS = [
  { name: 'watched', count: ENTRIES, options: [], bound: withinRatio, title: '' },
  { name: 'guarded', count: 1, options: ['user=0'], bound: withinRatio, title: ' that have its NAME, user=' },
  {
    name: 'named',
    count: 1,
    options: ['include_strings=bench.conf'],
    bound: withinSecond,
    title: ' that have its NAME',
  },
];

export const strangers = {
  name: 'strangers',
  async run(stage) {
    if (process.getuid() !== 0) {
      console.error('strangers is left out: it needs root');
      return [];
    }
    const crowds = KINDS.map(({ name, count }) =>
      stage.holds(startCrowd(stage, `/usr/lib/bench/${name}-`, count)),
    );
    const entries = KINDS.flatMap(({ options }, at) =>
      [...crowds[at].pids.keys()].map((id) => ({ id, options })),
    );
    const pcheck = await startPcheck(stage, entries, { parameters: 'MONITOR_INTERVAL 2' });
    const supervisors = [
      ...crowds.map(({ pids }) => asSupervisor(pcheck, pids)),
      await startFloor(stage, '/usr/lib/bench/floor-', ENTRIES),
    ];
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const kill = () => killInTurns(supervisors, killer, { times: stage.times, random: seeded(stage.seed) });
    const before = await kill();
    const [, guarded, named] = crowds.map(({ pids }) => [...pids.keys()][0]);
    const crowd = await startStrangers(stage, [guarded, named]);
    const asker = startAsker(stage, pcheck);
    await delay(CROWDED_MILLISECONDS);
    const during = await kill();
    await countStrangers(crowd);
    return [
      ...KINDS.map(({ title, bound }, at) =>
        disturbedRow(`death to script among ${STRANGERS} strangers${title}`, bound, before[at], during[at], {
          before: before.at(-1),
          during: during.at(-1),
        }),
      ),
      answerRow('longest answer among strangers', await asker.longest()),
    ];
  },
};

async function startStrangers(stage, names) {
  const { strangers: program, service } = stage.tools;
  const words = [STRANGERS, COMMAND_LINE_BYTES, NOBODY, service, ...names].map(String);
  const crowd = stage.holds(lineProgram(program, words));
  await countStrangers(crowd);
  return crowd;
}

async function countStrangers(crowd) {
  const there = Number(await crowd.ask('count'));
  // Some have ended just now, and the next ones come at once.
  if (there < 0.9 * STRANGERS) throw new Error(`of ${STRANGERS} strangers there are ${there}`);
}
