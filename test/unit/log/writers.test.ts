// The forms in which a message leaves: syslog datagram, stderr line, journal line, JSON record.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../../src/log/catalogue.ts';
import { jsonWriter } from '../../../src/log/json-writer.ts';
import { createLog, type LogWriter } from '../../../src/log/log.ts';
import { stderrWriter, syslogWriter } from '../../../src/log/writers.ts';
import type { LineSink } from '../../../src/system/types.ts';

// Local time, as syslog(3) writes it.
const WALL = new Date(2011, 9, 2, 10, 4, 8).getTime();

function written(make: (sink: Pick<LineSink, 'write'>) => LogWriter, isVerbose = false): string[] {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  const log = createLog(() => ({ monotonic: 0, wall: WALL }), [make(sink)], isVerbose);
  log.write(message('down', { name: 'java', pid: 7 }));
  log.write(message('fullCheck', { entries: 1, milliseconds: 2 }));
  return lines;
}

test('syslog gets facility daemon, the level, local time with a padded day, tag and pid', () => {
  assert.deepEqual(
    written((sink) => syslogWriter(sink, 'pcheck', 42)),
    ['<28>Oct  2 10:04:08 pcheck[42]: Process [java ,pid=7] Down'],
  );
});

test('a person gets a sortable time and the level as a word', () => {
  assert.deepEqual(
    written((sink) => stderrWriter(sink, 'plain', 'pcheck', 42)),
    ['2011-10-02 10:04:08 pcheck[42]: warning: Process [java ,pid=7] Down\n'],
  );
});

test('a journal gets the level as a prefix and adds the rest itself', () => {
  assert.deepEqual(
    written((sink) => stderrWriter(sink, 'journal', 'pcheck', 42)),
    ['<4>Process [java ,pid=7] Down\n'],
  );
});

test('the JSON log gets the id and the values apart', () => {
  const [line] = written((sink) => jsonWriter(sink, 'pcheck', 42));
  assert.deepEqual(JSON.parse(line ?? ''), {
    level: 40,
    time: WALL,
    name: 'pcheck',
    pid: 42,
    severity: 'warning',
    id: 'down',
    values: { name: 'java', pid: 7 },
    msg: 'Process [java ,pid=7] Down',
  });
});

test('the JSON log tells which entry it is about, where several have one NAME', () => {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  const log = createLog(() => ({ monotonic: 0, wall: WALL }), [jsonWriter(sink, 'pcheck', 42)], false);
  log.write({ ...message('down', { name: 'java', pid: 7 }), pentId: 2 });
  assert.equal(JSON.parse(lines[0] ?? '').pent_id, 2);
});

test('debug messages are written with -v only', () => {
  const make = (sink: Pick<LineSink, 'write'>) => syslogWriter(sink, 'pcheck', 42);
  assert.equal(written(make, false).length, 1);
  assert.equal(written(make, true).length, 2);
});
