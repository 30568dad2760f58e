// Takes up what a pcheck that was killed had decided, from its record (SPEC 7): counters, grace clocks, states,
// monitoring. What is too old, from before a reboot or not a record at all leads to a fresh start.
import { resumed } from '../entry/resume.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { sameEntryKey } from '../pfile/identity.ts';
import type { Pfile } from '../pfile/types.ts';
import type { System } from '../system/types.ts';
import { parseRecord, type StateRecord } from './record.ts';
import type { Slot } from './slot.ts';

const LONGEST_GAP_SECONDS = 60;
const LONGEST_GAP_INTERVALS = 3;

/** Puts what the record says into the slots; an entry that the record does not know stays new. */
export function resume(system: System, pfile: Pfile, log: Log, slots: readonly Slot[]): void {
  const record = usableRecord(system, pfile, log);
  if (record === undefined) return;
  const { monitorIntervalSeconds } = pfile.parameters;
  const gapSeconds = secondsSince(record, system);
  const known = new Map(record.entries.map((entry) => [entry.key, entry]));
  let count = 0;
  for (const slot of slots) {
    const { pent } = slot.entry;
    const recorded = known.get(sameEntryKey(pent));
    if (recorded === undefined) continue;
    slot.entry = resumed(recorded.state, pent, monitorIntervalSeconds, system.clock.now());
    slot.token = recorded.token;
    slot.script = recorded.script;
    slot.lineages = recorded.lineages;
    slot.isEnding = recorded.isEnding;
    slot.sharedWith = recorded.sharedWith;
    count += 1;
  }
  log.write(message('resumed', { entries: count, pid: record.pcheckPid, gapSeconds }));
}

function usableRecord(system: System, pfile: Pfile, log: Log): StateRecord | undefined {
  const read = system.record.read();
  if (read === undefined) return undefined;
  const record = 'error' in read ? { problem: read.error } : parseRecord(read.text);
  if ('problem' in record) {
    log.write(message('recordPutAside', { problem: record.problem, file: system.record.putAside() }));
    return undefined;
  }
  const { monitorIntervalSeconds } = pfile.parameters;
  const longest = Math.max(LONGEST_GAP_SECONDS, LONGEST_GAP_INTERVALS * monitorIntervalSeconds);
  const gapSeconds = secondsSince(record, system);
  if (record.bootId !== system.bootId || gapSeconds < 0 || gapSeconds > longest) return undefined;
  return record;
}

function secondsSince({ writtenAt }: StateRecord, { clock }: System): number {
  return Math.round((clock.now().monotonic - writtenAt) / 100) / 10;
}
