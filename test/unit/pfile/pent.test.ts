import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePfile } from '../../../src/pfile/parse.ts';
import { lines, PARAM, problems, texts } from './fakes.ts';

const PENT_CASES: ReadonlyArray<readonly [line: string, problems: string[]]> = [
  ['j:/s.sh:315360000:1000000:Exit', []],
  ['j:/s.sh:315360001:1000001:exit', ['1:9 out-of-range', '1:19 out-of-range']],
  ['j:/s.sh:1.5:x:exit', ['1:9 bad-number', '1:13 bad-number']],
  ['j:/s.sh:86400:3', ['1:16 missing-fields']],
  ['j:/s.sh', ['1:8 missing-fields']],
  ['j：/s.sh：86400:3:exit', ['1:2 lookalike', '1:8 lookalike']],
  ['java：/s.sh', ['1:5 lookalike', '1:11 missing-fields']],
  ['サーバ：本番:/s.sh:::', []],
  ['サーバ: s.sh:::', ['1:6 relative-path']],
  [':/s.sh:::', ['1:1 empty-name']],
  ['j::::', ['1:3 empty-script']],
  ['j:/s.sh:::restart', ['1:11 bad-action']],
  ['j:/s.sh:::ｅxit', ['1:11 lookalike']],
  ['j:/s.sh:::include_strings=a', ['1:11 bad-action']],
  ['j:/s.sh::3３:', ['1:11 lookalike']],
  ['j:/s.sh::::', ['1:12 empty-option?']],
  ['j:/s.sh::::include_strings=', []],
  ['j:/s.sh::::include_strings=a&&b', ['1:30 empty-string']],
  ['j:/s.sh::::include_strings=&', ['1:28 empty-string', '1:29 empty-string']],
  ['j:/s.sh::::include_strings=a & b', ['1:28 blank-in-string?', '1:31 blank-in-string?']],
  ['j:/s.sh::::include_strings="a"', ['1:28 quotes?']],
  ['j:/s.sh::::include_strings=a＆b', ['1:29 lookalike?']],
  ['j:/s.sh -c "a b"::::', ['1:12 quotes?', '1:21 empty-option?']],
  ['j:/s.sh::::include_strings＝a', ['1:27 lookalike']],
  ['j:/s.sh::::apache', ['1:12 bad-option']],
  ['j:/s.sh::::start_wait=1:start_wait=2', ['1:25 duplicate-option']],
  ['j:/s.sh::::start_wait=', ['1:23 bad-number']],
  ['j:/s.sh::::start_wait= 1.5 :restart_delay=0:restart_interval=86400', []],
  ['j:/s.sh::::restart_timeout=86401', ['1:28 out-of-range']],
  ['j:/s.sh::::x=1: y =2', ['1:12 unknown-option', '1:17 unknown-option']],
  ['j\\:/s.sh:::', ['1:10 empty-script', '1:12 missing-fields']],
];

for (const [line, expected] of PENT_CASES) {
  test(`when a PENT line is ${JSON.stringify(line)}, it gives ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(problems(lines(line, ...PARAM)), expected);
  });
}

test('when a colon is full-width, the text says so', () => {
  assert.match(texts(lines(...PARAM, 'java：/s.sh:::')), /a full-width colon "：": write ":"/);
});

test('when GRACE, RETRY and ACTION are empty, they are 86400, 3 and exit', () => {
  const pent = parsePfile(lines(...PARAM, 'j:/s.sh:::')).pents[0]?.pent;
  assert.deepEqual([pent?.graceSeconds, pent?.retry, pent?.action], [86_400, 3, 'exit']);
});

test('when a backslash stands before anything but a colon or a backslash, it is itself', () => {
  const pent = parsePfile(lines(...PARAM, 'a\\:b\\\\c\\d:/s.sh:::')).pents[0]?.pent;
  assert.equal(pent?.name, 'a:b\\c\\d');
});

for (const [fields, grace, retry, action] of [
  ['::', 86_400, 3, 'exit'],
  ['0:0:continue', 0, 0, 'continue'],
  [':7:', 86_400, 7, 'exit'],
  ['5::CONTINUE', 5, 3, 'continue'],
] as const) {
  test(`when GRACE, RETRY and ACTION are "${fields}", they count as ${grace}, ${retry} and ${action}`, () => {
    const [parsed] = parsePfile(lines(...PARAM, `java:/s.sh:${fields}`)).pents;
    assert.deepEqual(
      [parsed?.pent.graceSeconds, parsed?.pent.retry, parsed?.pent.action],
      [grace, retry, action],
    );
  });
}
