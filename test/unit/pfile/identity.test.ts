import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sameEntryKey } from '../../../src/pfile/identity.ts';
import { readPfile } from '../../../src/pfile/read.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { fakeFiles, lines, PARAM, PENT } from './fakes.ts';

/** `LINE:COLUMN CODE` of each diagnostic, and all texts. */
async function read(...content: readonly string[]): Promise<[problems: string[], texts: string]> {
  const text = lines(...PARAM, ...content);
  const files = fakeFiles({
    '/p': { kind: 'file', text },
    '/bin/java': { kind: 'file', target: '/jvm/java' },
    '/jvm/java': { kind: 'file' },
  });
  const reading = await readPfile('/p', files);
  const diagnostics = reading.ok ? reading.warnings : reading.diagnostics;
  return [
    diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`),
    diagnostics.map((diagnostic) => diagnostic.text).join('\n'),
  ];
}

test('when two entries have the same name and strings in any order, the second is an error', async () => {
  const [found, texts] = await read(
    `${PENT}:include_strings=a&b`,
    `${PENT}:include_strings=a`,
    ` ${PENT}:include_strings=b&a&b`,
    `${PENT}:include_strings=`,
    PENT,
  );
  assert.deepEqual(found, ['5:2 duplicate-pent', '7:1 duplicate-pent']);
  assert.match(texts, /the same entry as in line 3 .*\n.*the same entry as in line 6 /);
});

/** Options of two entries of one name, and whether the entries are the same. */
const PAIRS: ReadonlyArray<readonly [first: string, second: string, same: boolean]> = [
  ['exclude_strings=a&b', 'exclude_strings=b&a', true],
  ['exclude_strings=a', 'exclude_strings=b', false],
  ['exclude_strings=a', 'include_strings=a', false],
  ['user=root', 'user=0', true],
  ['user=root', 'user=tomcat', false],
  ['user=root', 'start_wait=1', false],
  ['exe=/bin/java', 'exe=/jvm/java', true],
  ['exe=/bin/java', 'pidfile=/run/a', false],
  ['pidfile=/run/a', 'pidfile=/run/b', false],
  ['pidfile=/run/a', 'pidfile=/run/a', true],
  ['containers=include', 'containers=exclude', false],
  ['containers=exclude', 'start_wait=1', true],
  ['min_proc_count=2', 'max_proc_count=2', true],
  ['restart_delay=1', 'retry_over_cmd=/s.sh', true],
  ['check_cmd=/s.sh', 'start_wait=1', true],
];

for (const [first, second, same] of PAIRS) {
  test(`when one entry has ${first} and another ${second}, they are ${same ? 'the same' : 'two'}`, async () => {
    const [found] = await read(`${PENT}:${first}`, `${PENT}:${second}`);
    assert.deepEqual(found, same ? ['4:1 duplicate-pent'] : []);
  });
}

test('when two entries have users that do not exist, only that is said', async () => {
  assert.deepEqual((await read(`${PENT}:user=no1`, `${PENT}:user=no2`))[0], [
    '3:20 unknown-user',
    '4:20 unknown-user',
  ]);
});

test('the key depends on the strings as sets, and on nothing that does not match', async () => {
  const strings = fc.array(fc.string({ maxLength: 3 }), { maxLength: 4 });
  const matching = fc.record({
    name: fc.string(),
    includeStrings: strings,
    excludeStrings: strings,
    uid: fc.option(fc.nat(3), { nil: undefined }),
    exe: fc.option(fc.constantFrom('/a', '/b'), { nil: undefined }),
    pidfile: fc.option(fc.constantFrom('/a', '/b'), { nil: undefined }),
    containers: fc.constantFrom('exclude', 'include'),
  });
  const base = await readPent();
  fc.assert(
    fc.property(matching, fc.nat(), (options, number) => {
      const one: Pent = { ...base, ...options };
      const other: Pent = {
        ...one,
        id: number,
        retry: number,
        action: 'continue',
        includeStrings: [...one.includeStrings, ...one.includeStrings].reverse(),
        excludeStrings: [...one.excludeStrings].reverse(),
      };
      assert.equal(sameEntryKey(one), sameEntryKey(other));
      assert.notEqual(sameEntryKey(one), sameEntryKey({ ...one, uid: number + 4 }));
      assert.notEqual(sameEntryKey(one), sameEntryKey({ ...one, pidfile: '/c' }));
      assert.notEqual(
        sameEntryKey(one),
        sameEntryKey({ ...one, excludeStrings: [...one.excludeStrings, 'four'] }),
      );
    }),
  );
});

async function readPent(): Promise<Pent> {
  const reading = await readPfile('/p', fakeFiles({ '/p': { kind: 'file', text: lines(...PARAM, PENT) } }));
  assert.ok(reading.ok);
  return reading.pfile.pents[0] ?? assert.fail('no entry');
}
