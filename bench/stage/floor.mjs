// The C floor of "death to script": bench/floor/watch.c with services of its own.
import { startCrowd } from './crowd.mjs';
import { lineProgram } from './tools.mjs';

export async function startFloor(stage, prefix, entries) {
  const crowd = stage.holds(startCrowd(stage, prefix, entries));
  const record = stage.record(`floor-${entries}`);
  const { watch, restart, service } = stage.tools;
  const floor = stage.holds(lineProgram(watch, [restart, record.path, service]));
  for (const [name, pid] of crowd.pids) await floor.ask(`${pid} ${name}`);
  return {
    label: 'C floor',
    record,
    pids: crowd.pids,
    prefix,
    settled: (name, pid) => floor.ask(`${pid} ${name}`),
    end: () => floor.end(),
  };
}
