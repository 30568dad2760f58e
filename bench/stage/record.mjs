// The file to which every restart program appends "NAME NANOSECONDS PID": what was started, when, as which
// pid.
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

export function createRecord(path) {
  writeFileSync(path, '');
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(1 << 16);
  const starts = [];
  let rest = '';
  let isOpen = true;
  function readOn() {
    for (;;) {
      const got = readSync(file, buffer, 0, buffer.length, null);
      if (got === 0) return starts;
      const lines = (rest + buffer.toString('latin1', 0, got)).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const [name, at, pid] = line.split(' ');
        starts.push({ name, at: BigInt(at), pid: Number(pid) });
      }
    }
  }
  return {
    path,
    /** All starts so far. */
    starts: readOn,
    /** The first start of `name` that came as number `from` or later; undefined as long as there is none. */
    find: (name, from) => readOn().find((start, index) => index >= from && start.name === name),
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
