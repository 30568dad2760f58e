// A host that gives no answer: what is said of the pfile then, and that others are still looked at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askSideBySide } from '../../../../src/pfile/check/host-checks.ts';
import { readPfile } from '../../../../src/pfile/read.ts';
import { NoAnswerError } from '../../../../src/system/errors.ts';
import { type FakeFile, fakeFiles, lines, PARAM, PENT } from '../fakes.ts';

const SILENT: FakeFile = { kind: 'file', executable: true, isSilent: true };

async function found(text: string, named: Readonly<Record<string, FakeFile>> = {}) {
  const reading = await readPfile('/etc/p', fakeFiles({ '/etc/p': { kind: 'file', text }, ...named }));
  const diagnostics = reading.ok ? reading.warnings : reading.diagnostics;
  return {
    isUsable: reading.ok,
    problems: diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`),
    texts: diagnostics.map(({ text: told }) => told),
  };
}

const WAITS = 'no answer within 5 s';
const ADVICE = 'is its file system stuck, or the server behind it?';

const CASES: ReadonlyArray<readonly [what: string, pent: string, path: string, place: string, text: string]> =
  [
    ['a script', 'j:/x:::', '/x', '3:3', `SCRIPT "/x" cannot be looked at (/x: ${WAITS}): ${ADVICE}`],
    [
      'a directory of a script',
      'j:/x/y/s.sh:::',
      '/x/y',
      '3:3',
      `SCRIPT "/x/y/s.sh" cannot be looked at (/x/y/s.sh: ${WAITS}): ${ADVICE}`,
    ],
    [
      'a check',
      `${PENT}:check_cmd=/x`,
      '/x',
      `3:${PENT.length + 12}`,
      `check_cmd "/x" cannot be looked at (/x: ${WAITS}): ${ADVICE}`,
    ],
    [
      'an executable',
      `${PENT}:exe=/x`,
      '/x',
      `3:${PENT.length + 6}`,
      `option exe: "/x" cannot be looked at (/x: ${WAITS}): ${ADVICE}`,
    ],
    [
      'a pidfile',
      `${PENT}:pidfile=/x`,
      '/x',
      `3:${PENT.length + 10}`,
      `option pidfile: "/x" cannot be looked at (/x: ${WAITS}): ${ADVICE}`,
    ],
    ['the root directory', PENT, '/', '1:1', `this pfile cannot be looked at (/: ${WAITS}): ${ADVICE}`],
  ];

for (const [what, pent, path, place, text] of CASES) {
  test(`when ${what} gives no answer, the pfile is refused, and it is said once where it first matters`, async () => {
    const { isUsable, problems, texts } = await found(lines(...PARAM, pent), { [path]: SILENT });
    assert.equal(isUsable, false);
    assert.deepEqual(problems, [`${place} no-answer`]);
    assert.deepEqual(texts, [text]);
  });
}

test('when a directory of users gives no answer, the text names it and the way without it', async () => {
  const { problems, texts } = await found(lines(...PARAM, `${PENT}:user=silent`));
  assert.deepEqual(problems, [`3:${PENT.length + 7} no-answer`]);
  assert.match(
    texts[0] ?? '',
    /^option user: "silent" cannot be looked at .*: is the directory service stuck/,
  );
});

test('when one script gives no answer, the mistakes of the others are told all the same', async () => {
  const text = lines(...PARAM, 'i:/x:::', 'j:/no.sh:::', 'k:/s.sh::::user=nobody-here');
  const { problems } = await found(text, { '/x': SILENT });
  assert.deepEqual(problems, ['3:3 no-answer', '4:3 script-missing', '5:17 unknown-user']);
});

test('when the pfile itself gives no answer, the exception goes through', async () => {
  const files = fakeFiles({ '/etc/p': { kind: 'file', text: lines(...PARAM, PENT), isSilent: true } });
  await assert.rejects(readPfile('/etc/p', files), NoAnswerError);
});

const LATE = new NoAnswerError('/x', 'no answer within 5 s');

/** Questions whose answers come when the test says so. */
function heldQuestions() {
  const asked: number[] = [];
  const held: { answer(text: string): void; fail(): void }[] = [];
  const answers = askSideBySide([...Array(40).keys()], (item) => {
    asked.push(item);
    return new Promise<string>((resolve, reject) => held.push({ answer: resolve, fail: () => reject(LATE) }));
  });
  return { asked, held, answers };
}

/** What is ready by now has been done. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await undefined;
}

test('when much is to be asked, sixteen questions are under way at most, and each answer makes room for one', async () => {
  const { asked, held, answers } = heldQuestions();
  assert.deepEqual(asked, [...Array(16).keys()]);
  held[3]?.answer('3');
  await settled();
  assert.deepEqual(asked, [...Array(17).keys()]);
  for (let index = 0; index < 40; index += 1) {
    held[index]?.answer(String(index));
    await settled();
  }
  assert.deepEqual(await answers, [...Array(40).keys()].map(String));
});

test('when one has no answer, those under way are waited for and no more are asked', async () => {
  const { asked, held, answers } = heldQuestions();
  held[0]?.fail();
  await settled();
  held[1]?.answer('1');
  for (const { fail } of held.slice(2)) fail();
  const found = await answers;
  assert.equal(asked.length, 16);
  assert.deepEqual(found.slice(0, 3), [LATE, '1', LATE]);
  assert.deepEqual(new Set(found.slice(16)), new Set([undefined]));
});

test('of ten thousand scripts on a disk that hangs no more are asked for than are under way at once', async () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `/x${index}`);
  const text = lines(...PARAM, ...names.map((name) => `j:${name}:::`));
  const silent = names.map((name) => [name, { kind: 'file', isSilent: true }] as const);
  const files = fakeFiles({ '/p': { kind: 'file', text }, ...Object.fromEntries(silent) });
  const reading = await readPfile('/p', files);
  assert.ok(!reading.ok);
  assert.ok(files.asked.length < 100, `${files.asked.length} questions`);
  const silences = reading.diagnostics.filter(({ code }) => code === 'no-answer');
  assert.ok(silences.length >= 1 && silences.length <= 16);
});
