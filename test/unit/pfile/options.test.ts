import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePfile } from '../../../src/pfile/parse.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { lines, PARAM, PENT, problems, texts } from './fakes.ts';

/** Of the first option's key: `PENT` and a colon stand before it. */
const KEY_COLUMN = PENT.length + 2;

function withOptions(options: string): string {
  return lines(`${PENT}:${options}`, ...PARAM);
}

const GOOD: ReadonlyArray<readonly [options: string, changed: Partial<Pent>]> = [
  ['exclude_strings=a&b', { excludeStrings: ['a', 'b'] }],
  ['exclude_strings=', {}],
  ['exclude_strings=a:include_strings=b', { excludeStrings: ['a'], includeStrings: ['b'] }],
  ['exclude_strings=ab:include_strings=a', { excludeStrings: ['ab'], includeStrings: ['a'] }],
  ['exe= /usr/bin/java ', { exe: '/usr/bin/java' }],
  ['exe=/a\\:b/c d', { exe: '/a:b/c d' }],
  ['pidfile=/run/j.pid', { pidfile: '/run/j.pid' }],
  ['containers=include', { containers: 'include' }],
  ['containers=exclude', { containers: 'exclude' }],
  ['min_proc_count=1', { minProcCount: 1 }],
  ['min_proc_count=100000:max_proc_count=100000', { minProcCount: 100_000, maxProcCount: 100_000 }],
  ['max_proc_count=1', { maxProcCount: 1 }],
  ['max_proc_count=2:min_proc_count=2', { minProcCount: 2, maxProcCount: 2 }],
  [
    'check_cmd=/c.sh',
    {
      check: {
        command: { path: '/c.sh', arguments: [] },
        intervalSeconds: 60,
        timeoutSeconds: 30,
        fails: 3,
      },
    },
  ],
  [
    'check_fails=1000:check_interval=0.1:check_timeout=86400:check_cmd= /c.sh  -p 80\\:81 ',
    {
      check: {
        command: { path: '/c.sh', arguments: ['-p', '80:81'] },
        intervalSeconds: 0.1,
        timeoutSeconds: 86_400,
        fails: 1000,
      },
    },
  ],
  ['retry_over_cmd=/r.sh now', { retryOverCommand: { path: '/r.sh', arguments: ['now'] } }],
];

for (const [options, changed] of GOOD) {
  test(`when the options are ${options}, they are read`, () => {
    const without = parsePfile(lines(PENT, ...PARAM)).pents[0]?.pent;
    const { pents, diagnostics } = parsePfile(withOptions(options));
    assert.deepEqual(diagnostics, []);
    assert.deepEqual(pents[0]?.pent, { ...without, ...changed });
  });
}

const FOLLOWING: ReadonlyArray<
  readonly [interval: string, options: string, startWait: number, restartInterval: number]
> = [
  ['0.1', 'containers=exclude', 10, 1],
  ['1', 'containers=exclude', 10, 1],
  ['5', 'containers=exclude', 10, 5],
  ['20', 'containers=exclude', 20, 20],
  ['0.1', 'start_wait=0.2', 0.2, 1],
  ['0.1', 'restart_interval=0:start_wait=0', 0, 0],
];

for (const [interval, options, startWait, restartInterval] of FOLLOWING) {
  test(`with MONITOR_INTERVAL ${interval} and ${options} start_wait is ${startWait} s, restart_interval ${restartInterval} s`, () => {
    const { pents } = parsePfile(`${withOptions(options)}MONITOR_INTERVAL ${interval}\n`);
    const { startWaitSeconds, restartIntervalSeconds } = pents[0]?.pent ?? {};
    assert.deepEqual([startWaitSeconds, restartIntervalSeconds], [startWait, restartInterval]);
  });
}

/** Columns are counted from the options' beginning. */
const BAD: ReadonlyArray<readonly [options: string, problems: string[]]> = [
  ['exclude_strings=a&&b', ['19 empty-string']],
  ['exclude_strings= a', ['17 blank-in-string?']],
  ['exclude_strings=bc:include_strings=x&abcd', ['1 never-matches']],
  ['user=', ['6 missing-value']],
  ['exe=java', ['5 relative-path']],
  ['exe=', ['5 relative-path']],
  ['pidfile=run/j.pid', ['9 relative-path']],
  ['containers=all', ['12 bad-value']],
  ['containers=Include', ['12 bad-value']],
  ['min_proc_count=0', ['16 out-of-range']],
  ['min_proc_count=100001', ['16 out-of-range']],
  ['min_proc_count=1.5', ['16 bad-number']],
  ['max_proc_count=0', ['16 out-of-range']],
  ['max_proc_count=100001:min_proc_count=2', ['16 out-of-range']],
  ['min_proc_count=3:max_proc_count=2', ['18 out-of-range']],
  ['check_cmd=', ['11 empty-script']],
  ['check_cmd=c.sh', ['11 relative-path']],
  ['check_cmd=/c.sh "a b"', ['17 quotes?']],
  ['check_cmd=c.sh:check_fails=2', ['11 relative-path']],
  ['check_cmd=/c:check_interval=0', ['29 out-of-range']],
  ['check_cmd=/c:check_interval=86401', ['29 out-of-range']],
  ['check_cmd=/c:check_timeout=0', ['28 out-of-range']],
  ['check_cmd=/c:check_timeout=5s', ['28 bad-number']],
  ['check_cmd=/c:check_fails=0', ['26 out-of-range']],
  ['check_cmd=/c:check_fails=1001', ['26 out-of-range']],
  ['check_cmd=/c:check_fails=1.5', ['26 bad-number']],
  [
    'check_interval=5:check_timeout=5:check_fails=2',
    ['1 no-check-cmd', '18 no-check-cmd', '34 no-check-cmd'],
  ],
  ['retry_over_cmd=', ['16 empty-script']],
  ['retry_over_cmd=~/r.sh', ['16 relative-path']],
  ['exe=/a:exe=/b', ['8 duplicate-option']],
];

for (const [options, expected] of BAD) {
  test(`when the options are ${options}, they give ${expected.join(', ')}`, () => {
    const found = problems(withOptions(options)).map((problem) =>
      problem.replace(/^1:(\d+)/, (_, column: string) => String(Number(column) - KEY_COLUMN + 1)),
    );
    assert.deepEqual(found, expected);
  });
}

const TEXTS: ReadonlyArray<readonly [options: string, text: RegExp]> = [
  ['exclude_string=a', /unknown option "exclude_string", did you mean exclude_strings\?/],
  ['check_command=a', /unknown option "check_command" \(expected one of include_strings, .*containers/],
  ['min_proc_count=3:max_proc_count=2', /max_proc_count 2 is below min_proc_count 3/],
  ['check_cmd=c', /check_cmd must be an absolute path/],
  ['retry_over_cmd=', /retry_over_cmd is empty/],
  ['exclude_strings=a:include_strings=a', /exclude_strings has "a", which include_strings asks for/],
  ['containers=all', /include or exclude \(got "all"\)/],
];

for (const [options, text] of TEXTS) {
  test(`when the options are ${options}, the text tells what to do`, () => {
    assert.match(texts(withOptions(options)), text);
  });
}
