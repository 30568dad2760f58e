// What a pcheck costs that has nothing to do: CPU time, RSS and private memory, for 1, 100 and 1,000 entries among
// 200, 2,000 and 10,000 other processes.
import { startCrowd } from '../stage/crowd.mjs';
import { startPcheck } from '../stage/pcheck.mjs';
import { cpuNanoseconds, memoryKib } from '../stage/process-cost.mjs';
import { mebibytes } from '../stage/result.mjs';
import { delay } from '../stage/waiting.mjs';

/** pchecks side by side: what the others watch counts among the others, of which nobody has fewer than is said. */
const CROWDS = [
  { others: 200, entries: [1, 10, 100] },
  { others: 200, entries: [1, 1000] },
  { others: 2000, entries: [1, 10, 100] },
  { others: 2000, entries: [1, 1000] },
  { others: 10_000, entries: [1, 10, 100, 1000] },
];
/** After a minute every process has been read twice, and what the start took was given back. */
const SETTLE_SECONDS = 75;
const WATCH_SECONDS = 60;
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
  for (const entries of counts) {
    const prefix = `/usr/lib/bench/idle-${at}-${entries}-`;
    const { pids } = stage.holds(startCrowd(stage, prefix, entries));
    const pcheck = stage.holds(
      await startPcheck(stage, [...pids.keys()], { parameters: 'MONITOR_INTERVAL 10' }),
    );
    started.push({ entries, pid: pcheck.pid });
  }
  await delay(SETTLE_SECONDS * 1000);
  const before = started.map(({ pid }) => cpuNanoseconds(pid));
  const begin = performance.now();
  await delay(WATCH_SECONDS * 1000);
  const nanoseconds = (performance.now() - begin) * 1e6;
  const percents = started.map(
    ({ pid }, at) => (Number(cpuNanoseconds(pid) - before[at]) / nanoseconds) * 100,
  );
  const memories = started.map(({ pid }) => memoryKib(pid));
  return started.flatMap(({ entries }, at) => [
    cpuRow(entries, others, percents[at]),
    memoryRow(entries, others, memories[at], memories[0]),
  ]);
}

function cpuRow(entries, others, percent) {
  const max = CPU_MAX[others]?.[entries];
  return {
    row: `idle CPU, ${entries} of ${others} others`,
    measured: `${percent.toFixed(3)} %`,
    spread: `of one core, over ${WATCH_SECONDS} s`,
    beside: 'MONITOR_INTERVAL 10',
    ...(max === undefined ? {} : { target: `≤ ${max} %`, isMet: percent <= max }),
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
  };
}
