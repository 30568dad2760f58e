// One scan of a machine that pcheck does not know yet: the CPU time that a start takes more with 10,000
// processes than with none, beside the C floor that reads the same files, ps, and ps-list where it is
// installed.
import { execFileSync } from 'node:child_process';
import { startCrowd } from '../stage/crowd.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { cpuNanoseconds } from '../stage/process-cost.mjs';
import { beside, figure, milliseconds, spread, times } from '../stage/result.mjs';
import { summary } from '../stage/statistics.mjs';

const OTHERS = 10_000;
const RATIO_MAX = 2;
/** So that the median is of 30 pairs. */
const FLOOR_ROUNDS = 1;

export const scan = {
  name: 'scan',
  async run(stage) {
    const without = [];
    for (let round = 0; round < stage.times; round++) without.push(await firstLook(stage, round));
    const base = summary(without).median;
    stage.holds(startCrowd(stage, '/usr/lib/bench/other-', OTHERS));
    const taken = { psaver: [], 'C floor': [], ps: [] };
    for (let round = 0; round < stage.times; round++) {
      taken.psaver.push((await firstLook(stage, round)) - base);
      taken['C floor'].push(...floorMilliseconds(stage));
      taken.ps.push(cpuOfCommand(stage, ['ps', '-eo', 'pid,ppid,args']));
    }
    const summaries = new Map(Object.entries(taken).map(([label, values]) => [label, summary(values)]));
    const [psaver, floor] = [summaries.get('psaver'), summaries.get('C floor')];
    return [
      {
        row: `one scan of ${OTHERS} processes (CPU time)`,
        measured: milliseconds(psaver.median),
        spread: spread(psaver, milliseconds),
        beside: beside(summaries, milliseconds),
        ratio: psaver.median / floor.median,
        target: `≤ ${RATIO_MAX} × floor`,
        isMet: psaver.median <= RATIO_MAX * floor.median,
        figures: [
          figure(`one scan of ${OTHERS} processes (CPU time)`, psaver.median, milliseconds),
          figure('one scan, beside its floor', psaver.median / floor.median, times),
        ],
      },
    ];
  },
};

/** CPU milliseconds of a pcheck from its start to its first Up. */
async function firstLook(stage, round) {
  const crowd = startCrowd(stage, `/usr/lib/bench/seen-${round}-`, 1);
  const pcheck = await startPcheck(stage, [...crowd.pids.keys()], { parameters: 'MONITOR_INTERVAL 3600' });
  const nanoseconds = cpuNanoseconds(pcheck.pid);
  await pcheck.end();
  crowd.end();
  return Number(nanoseconds) / 1e6;
}

function floorMilliseconds(stage) {
  return execFileSync(stage.tools.scan, [String(FLOOR_ROUNDS)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => Number(line) / 1e6);
}

function cpuOfCommand(stage, command) {
  const [, , cpu] = execFileSync(stage.tools.timer, ['1', '--', ...command], { encoding: 'utf8' }).split(' ');
  return Number(cpu) / 1e6;
}
