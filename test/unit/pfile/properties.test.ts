import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitLines } from '../../../src/pfile/lines.ts';
import { parsePfile } from '../../../src/pfile/parse.ts';
import type { Script } from '../../../src/pfile/types.ts';

test('parsing never throws and every place lies inside the text', () => {
  const fragment = fc.constantFrom(
    'IPCKEY',
    'MONITOR_INTERVA ',
    '0x1',
    ':',
    '：',
    '　',
    '\\',
    '&',
    '=',
    '\n',
    '#',
    '/s',
    'j:/s:::shutdown:',
    'SHUTDOWN_COMMAND ',
    'LOOP_ALARM ',
    'exclude_strings=',
    'user=',
    'exe=/',
    'check_cmd=',
    'check_fails=',
    'containers=',
    'max_proc_count=1',
    'min_proc_count=2',
    '\t',
    '𠮷',
  );
  const text = fc
    .array(fc.oneof(fragment, fc.string({ unit: 'binary', maxLength: 4 })))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (anything) => {
      const all = splitLines(anything);
      for (const { line, column } of parsePfile(anything).diagnostics) {
        const characters = [...(all[line - 1] ?? assert.fail(`line ${line}`))];
        assert.ok(column >= 1 && column <= characters.length + 1, `${line}:${column}`);
      }
    }),
    { numRuns: 500 },
  );
});

test('a valid pfile reads back as it was made, escapes included', () => {
  const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&');
  const word = fc.stringMatching(/^[A-Za-z0-9/\\:.$日-]{1,12}$/).map((text) => `x${text}`);
  const duration = fc.integer({ min: 0, max: 863990 }).map((tenths) => tenths / 10);
  const path = word.map((text) => `/${text}`);
  const plain = { noNullPrototype: true };
  const command = fc.record({ path, arguments: fc.array(word, { maxLength: 3 }) }, plain);
  const none = { nil: undefined };
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }))
    .map(([one, other]) => ({ minProcCount: Math.min(one, other), maxProcCount: Math.max(one, other) }));
  const others = fc.record({
    name: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
    script: command,
    graceSeconds: fc.integer({ min: 0, max: 315360000 }),
    retry: fc.integer({ min: 0, max: 1000000 }),
    action: fc.constantFrom('exit', 'continue', 'shutdown'),
    includeStrings: fc.array(word, { maxLength: 3 }),
    // No word has a `!`, so these are in none of them.
    excludeStrings: fc.array(
      word.map((text) => `!${text}`),
      { maxLength: 3 },
    ),
    exe: fc.option(path, none),
    pidfile: fc.option(path, none),
    containers: fc.constantFrom('exclude', 'include'),
    check: fc.option(
      fc.record(
        {
          command,
          intervalSeconds: duration.map((seconds) => seconds + 0.5),
          timeoutSeconds: duration.map((seconds) => seconds + 0.5),
          fails: fc.integer({ min: 1, max: 1000 }),
        },
        plain,
      ),
      none,
    ),
    retryOverCommand: fc.option(command, none),
    restartTimeoutSeconds: duration,
    restartIntervalSeconds: duration,
    startWaitSeconds: duration,
    restartDelaySeconds: duration,
  });
  const made = fc.tuple(others, counts).map(([pent, limits]) => ({ ...pent, ...limits }));
  const written = (script: Script) => [script.path, ...script.arguments].join(' ');
  fc.assert(
    fc.property(
      made,
      fc.integer({ min: 1, max: 0xffffffff }),
      fc.constantFrom('\n', '\r\n'),
      (pent, key, end) => {
        const fields = [
          escaped(pent.name),
          escaped(written(pent.script)),
          pent.graceSeconds,
          pent.retry,
          pent.action,
          escaped(`include_strings=${pent.includeStrings.join('&')}`),
          `restart_timeout=${pent.restartTimeoutSeconds}`,
          `restart_interval=${pent.restartIntervalSeconds}`,
          `start_wait=${pent.startWaitSeconds}`,
          `restart_delay=${pent.restartDelaySeconds}`,
          escaped(`exclude_strings=${pent.excludeStrings.join('&')}`),
          ...(pent.exe === undefined ? [] : [escaped(`exe=${pent.exe}`)]),
          ...(pent.pidfile === undefined ? [] : [escaped(`pidfile=${pent.pidfile}`)]),
          `containers=${pent.containers}`,
          `max_proc_count=${pent.maxProcCount}`,
          `min_proc_count=${pent.minProcCount}`,
          ...(pent.check === undefined
            ? []
            : [
                escaped(`check_cmd=${written(pent.check.command)}`),
                `check_interval=${pent.check.intervalSeconds}`,
                `check_timeout=${pent.check.timeoutSeconds}`,
                `check_fails=${pent.check.fails}`,
              ]),
          ...(pent.retryOverCommand === undefined
            ? []
            : [escaped(`retry_over_cmd=${written(pent.retryOverCommand)}`)]),
        ];
        const parameters = [
          `IPCKEY 0x${key.toString(16)}`,
          'SHM_DUMP_FILE /d',
          `SHUTDOWN_COMMAND ${written(pent.script)}`,
        ];
        const text = [...parameters, fields.join(':'), ''].join(end);
        const parsed = parsePfile(text);
        assert.deepEqual(parsed.diagnostics, []);
        assert.equal(parsed.parameters.values.ipckey, key);
        assert.deepEqual(parsed.parameters.values.shutdownCommand, pent.script);
        assert.deepEqual(parsed.pents[0]?.pent, { id: 1, line: 4, uid: undefined, ...pent });
      },
    ),
    { numRuns: 200 },
  );
});
