// padmin --json: the documents fit their schemas, hold every moment as ISO 8601, and drive no terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { paramAsJson, paramJsonSchema, pentsAsJson, pentsJsonSchema } from '../../../src/control/json.ts';
import { showPents } from '../../../src/control/show.ts';
import { PARAM_REPORT, PENT_REPORT, SNAPSHOT } from '../../harness/reports.ts';

const iso = (moment: number) => new Date(moment).toISOString();
const rerunAt = PENT_REPORT.rerunAt ?? 0;

const PENT = {
  pname: '/usr/bin/java',
  pid: 12742,
  retry_count: 1,
  restart_count: 1,
  proc_sts: 'AVAIL',
  retry_over_act: 'exit',
  rerun_time: iso(rerunAt),
  include_strings: 'apache&tomcat',
  pent_id: 1,
  monitor_sts: 'on',
  phase: 'watching',
  reason: 'the process is there',
  phase_end_time: null,
  restart_reason: null,
  pids: [12742, 12743],
  avail_since_time: iso(rerunAt + 5000),
  retry: 3,
  grace_seconds: 86_400,
  grace_end_time: iso(rerunAt + 86_405_000),
  check_fails: 0,
  next_check_time: iso(SNAPSHOT.takenAt + 1000),
};

for (const source of ['live', 'dump'] as const) {
  test(`show pent --json is a document of psaver.pents/1 that says it is ${source}`, () => {
    const document = JSON.parse(pentsAsJson(SNAPSHOT, source));
    assert.deepEqual(document, {
      schema: 'psaver.pents/1',
      source,
      state_time: iso(SNAPSHOT.takenAt),
      pfile: '/etc/psaver/pfile',
      pcheck_pid: 77,
      version: '1.2.3',
      pents: [PENT],
    });
    pentsJsonSchema.parse(document);
  });
}

test('the first ten keys of a pent are those of the text, in its order', () => {
  const keys = showPents([PENT_REPORT])
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  const [pent] = JSON.parse(pentsAsJson(SNAPSHOT, 'live')).pents;
  assert.deepEqual(Object.keys(pent).slice(0, 10), keys);
});

test('what is not known or not due is null, never left out', () => {
  const nothing = {
    rerunAt: null,
    phaseEndsAt: null,
    restartReason: null,
    availSince: null,
    graceEndsAt: null,
    checkFails: null,
    nextCheckAt: null,
  };
  const text = pentsAsJson({ ...SNAPSHOT, pents: [{ ...PENT_REPORT, ...nothing }] }, 'live');
  const [pent] = pentsJsonSchema.parse(JSON.parse(text)).pents;
  assert.deepEqual(Object.keys(pent ?? {}), Object.keys(PENT));
  assert.equal(Object.values(pent ?? {}).filter((value) => value === null).length, 7);
});

test('show param --json is a document of psaver.param/1', () => {
  const document = JSON.parse(paramAsJson(PARAM_REPORT));
  assert.deepEqual(document, {
    schema: 'psaver.param/1',
    state_time: iso(PARAM_REPORT.takenAt),
    pfile: '/etc/psaver/pfile',
    ipckey: '0x1f000101',
    msg_check_interval_seconds: 5,
    monitor_interval_seconds: 0.5,
    shm_dump_file: '/var/dump',
    shutdown_command: '/sbin/poweroff -f',
    loop_alarm_seconds: 60,
    pcheck_pid: 77,
    started_time: iso(PARAM_REPORT.startedAt),
    version: '1.2.3',
    longest_turn_last_hour_milliseconds: 3.2,
    longest_turn_milliseconds: 20,
  });
  paramJsonSchema.parse(document);
  paramJsonSchema.parse(JSON.parse(paramAsJson({ ...PARAM_REPORT, shutdownCommand: null })));
});

test('whatever a process is called, no character of it drives a terminal, and a reader gets it back', () => {
  const nasty = fc.constantFrom('\u001b', '\u007f', '\u009b', '\u202e', '\u2028', '\ud800', '\u{e0001}');
  const name = fc.array(fc.oneof(nasty, fc.string({ unit: 'grapheme' }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(name, (text) => {
      const printed = pentsAsJson({ ...SNAPSHOT, pents: [{ ...PENT_REPORT, name: text }] }, 'live');
      assert.doesNotMatch(printed.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      assert.equal(JSON.parse(printed).pents[0].pname, text);
    }),
  );
});
