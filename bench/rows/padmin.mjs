// padmin show pent, launcher and all, beside `node -e 0`: what nobody can go below with Node.
import { execFileSync } from 'node:child_process';
import { startCrowd } from '../stage/crowd.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { beside, figure, milliseconds, spread, times } from '../stage/result.mjs';
import { summary } from '../stage/statistics.mjs';

const RATIO_MAX = 1.5;

export const padmin = {
  name: 'padmin',
  async run(stage) {
    const crowd = stage.holds(startCrowd(stage, '/usr/lib/bench/shown-', 1));
    const { pfile } = await startPcheck(stage, [...crowd.pids.keys()]);
    const { padmin, padminBundle } = stage.build;
    const commands = new Map([
      ['psaver', [padmin, '-f', pfile, '-c', 'show', 'pent']],
      ['node -e 0', [process.execPath, '-e', '0']],
      ['without sh', [process.execPath, padminBundle, '-f', pfile, '-c', 'show', 'pent']],
    ]);
    const taken = timeInTurns(stage, commands, 2 * stage.times);
    const [psaver, floor] = [taken.get('psaver'), taken.get('node -e 0')];
    return [
      {
        row: 'padmin -c show pent',
        measured: milliseconds(psaver.median),
        spread: `${spread(psaver, milliseconds)}, CPU × ${(psaver.cpu / floor.cpu).toFixed(2)}`,
        beside: beside(taken, milliseconds),
        ratio: psaver.median / floor.median,
        target: `≤ ${RATIO_MAX} × node -e 0`,
        isMet: psaver.median <= RATIO_MAX * floor.median,
        figures: [
          figure('padmin -c show pent', psaver.median, milliseconds),
          figure('padmin -c show pent, beside node -e 0', psaver.median / floor.median, times),
          figure('padmin -c show pent, CPU time', psaver.cpu, milliseconds),
        ],
      },
    ];
  },
};

/**
 * Label → summary of the wall time in milliseconds, and the median of the CPU time, which a busy machine does
 * not stretch.
 */
function timeInTurns(stage, commands, rounds) {
  const words = [...commands.values()].flatMap((command) => ['--', ...command]);
  const lines = execFileSync(stage.tools.timer, [String(rounds), ...words], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
  for (const [index, , , status] of lines) {
    if (status !== 0) throw new Error(`${[...commands.keys()][index]} ended with ${status}`);
  }
  return new Map(
    [...commands.keys()].map((label, index) => {
      const own = lines.filter(([at]) => at === index);
      const cpu = summary(own.map(([, , nanoseconds]) => nanoseconds / 1e6)).median;
      return [label, { ...summary(own.map(([, wall]) => wall / 1e6)), cpu }];
    }),
  );
}
