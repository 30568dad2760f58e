// psaver as one of those whose "death to script" is measured (deaths.mjs), beside its floor and peers.
import { startCrowd } from './crowd.mjs';
import { startPcheck } from './pcheck.mjs';
import { until } from './waiting.mjs';

export async function startPsaver(stage, prefix, entries, options) {
  const crowd = stage.holds(startCrowd(stage, prefix, entries));
  const pcheck = await startPcheck(stage, [...crowd.pids.keys()], options);
  return { ...asSupervisor(pcheck, crowd.pids), pcheck };
}

/** Of a running pcheck, the entries of `pids`. */
export function asSupervisor(pcheck, pids) {
  return {
    label: 'psaver',
    record: pcheck.record,
    pids,
    settled: (name, pid, seconds) => until(`${name} is Up again`, () => pcheck.log.takeUp(pid), seconds),
    end: () => pcheck.end(),
  };
}
