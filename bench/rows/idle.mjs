// What a pcheck costs that has nothing to do: CPU time, RSS and private memory, for 1, 100 and 1,000 entries
// among 200, 2,000 and 10,000 other processes; beside the C floor that reads the same processes at the same
// interval.
import { startCrowd } from '../stage/crowd.mjs';
import { startIdleFloor } from '../stage/floor.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { idlePercents, memoryKib } from '../stage/process-cost.mjs';
import { figure, mebibytes, percent } from '../stage/result.mjs';

/**
 * pchecks side by side: what the others watch counts among the others, of which nobody has fewer than is
 * said.
 */
const CROWDS = [
  { others: 200, entries: [1, 10, 100] },
  { others: 200, entries: [1, 1000] },
  { others: 2000, entries: [1, 10, 100] },
  { others: 2000, entries: [1, 1000] },
  { others: 10_000, entries: [1, 10, 100, 1000] },
];
const MONITOR_INTERVAL_SECONDS = 10;
const MEMORY_MAX_KIB = { rss: 50 * 1024, private: 11 * 1024 };
const MORE_FOR_1000_KIB = 15 * 1024;

/** others → entries → percent of a core. */
const CPU_MAX = { 2000: { 10: 0.1 }, 10000: { 1000: 0.5 } };

export const idle = {
  name: 'idle',
  async run(stage) {
    const rows = [];
    for (const [at, { others, entries }] of CROWDS.entries()) {
      rows.push(...(await measure(stage, at, others, entries)));
      await stage.clear();
    }
    return rows;
  },
};

async function measure(stage, at, others, counts) {
  const watched = counts.reduce((sum, entries) => sum + entries, 0);
  const rest = others + Math.max(...counts) - watched;
  stage.holds(startCrowd(stage, '/usr/lib/bench/other-', rest));
  const started = [];
  const floors = [];
  for (const entries of counts) {
    const prefix = `/usr/lib/bench/idle-${at}-${entries}-`;
    const { pids } = stage.holds(startCrowd(stage, prefix, entries));
    started.push(
      await startPcheck(stage, [...pids.keys()], {
        parameters: `MONITOR_INTERVAL ${MONITOR_INTERVAL_SECONDS}`,
      }),
    );
    floors.push(await startIdleFloor(stage, pids.values(), MONITOR_INTERVAL_SECONDS));
  }
  const percents = await idlePercents(
    stage,
    [...started, ...floors].map(({ pid }) => pid),
  );
  const floorPercents = percents.splice(counts.length);
  const memories = started.map(({ pid }) => memoryKib(pid));
  return counts.flatMap((entries, of) => [
    cpuRow(stage, entries, others, percents[of], floorPercents[of]),
    memoryRow(entries, others, memories[of], memories[0]),
  ]);
}

function cpuRow(stage, entries, others, own, floor) {
  const max = CPU_MAX[others]?.[entries];
  return {
    row: `idle CPU, ${entries} of ${others} others`,
    measured: percent(own),
    spread: `of one core, over ${stage.seconds} s, MONITOR_INTERVAL ${MONITOR_INTERVAL_SECONDS}`,
    beside: `C floor ${percent(floor)}`,
    ratio: own / floor,
    ...(max === undefined ? {} : { target: `≤ ${max} %`, isMet: own <= max }),
    figures: [figure(`idle CPU, ${entries} of ${others} others`, own, percent)],
  };
}

function memoryRow(entries, others, memory, ofOne) {
  const more = memory.rss - ofOne.rss;
  return {
    row: `memory, ${entries} of ${others} others`,
    measured: `${mebibytes(memory.rss)} RSS, ${mebibytes(memory.private)} private`,
    spread: '',
    beside: entries === 1 ? '' : `${mebibytes(more)} more than with one entry`,
    ...(entries === 1 && {
      target: '≤ 50 MB RSS, ≤ 11 MB private',
      isMet: memory.rss <= MEMORY_MAX_KIB.rss && memory.private <= MEMORY_MAX_KIB.private,
    }),
    ...(entries === 1000 && { target: '≤ 15 MB more', isMet: more <= MORE_FOR_1000_KIB }),
    figures: [
      figure(`RSS, ${entries} of ${others} others`, memory.rss, mebibytes),
      figure(`private, ${entries} of ${others} others`, memory.private, mebibytes),
    ],
  };
}
