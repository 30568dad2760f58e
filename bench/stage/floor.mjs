// The C floors of the rows, with services of their own.
import { startCrowd } from './crowd.mjs';
import { lineProgram } from './tools.mjs';

/** Of "death to script": bench/floor/watch.c. */
export async function startFloor(stage, prefix, entries, kind = 'plain') {
  const crowd = stage.holds(startCrowd(stage, prefix, entries, kind));
  const record = stage.record(`floor-${entries}`);
  const { watch, restart, service } = stage.tools;
  const floor = stage.holds(lineProgram(watch, [restart, record.path, service, kind]));
  for (const [name, pid] of crowd.pids) await floor.ask(`${pid} ${name}`);
  return {
    label: 'C floor',
    record,
    pids: crowd.pids,
    settled: (name, pid) => floor.ask(`${pid} ${name}`),
    end: () => floor.end(),
  };
}

/** Of "idle CPU": bench/floor/known.c. */
export async function startIdleFloor(stage, pids, intervalSeconds) {
  const floor = stage.holds(lineProgram(stage.tools.known, [String(intervalSeconds * 1000)]));
  await floor.ask([...pids].join(' '));
  return floor;
}
