// padmin reads a pfile leniently, pcheck strictly: where pcheck takes it, both have to mean the same channel, the same time
// and the same dump file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  readIpckeyLeniently,
  readMsgCheckIntervalLeniently,
  readShmDumpFileLeniently,
} from '../../../src/pfile/lenient.ts';
import { parsePfile } from '../../../src/pfile/parse.ts';
import { PENT } from './fakes.ts';

const PIECES = ['a', '/', ' ', '\t', ':', '#', '=', '\\', '　', '：', '日', '\u00a0', '\ufeff', '\u2028'];
const ODD_PIECES = ['\r', '\0', '\u001b', '\u0085', '\ufffd', '\v'];

function oneOf(often: readonly string[], seldom: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...often) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  );
}

function textOf(piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(piece, { maxLength }).map((pieces) => pieces.join(''));
}

const blanks = oneOf(['', ' ', '\t', ' \t '], ['　', '\u00a0', '=']);
const between = oneOf([' ', '\t', ' \t '], ['', '　', '=', ' = ']);
const zeros = fc.constantFrom('', '', '0', '000000');
const key = fc.tuple(
  fc.integer({ min: -1, max: 0x1_0000_0001 }),
  zeros,
  fc.constantFrom('0x', '0X', '0x', ''),
);
const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  IPCKEY: key.map(([number, zero, head]) => `${head}${zero}${number.toString(16)}`),
  MSG_CHECK_INTERVAL: fc
    .tuple(fc.integer({ min: -2, max: 3602 }), zeros)
    .map(([number, zero]) => `${zero}${number}`),
  SHM_DUMP_FILE: textOf(oneOf(PIECES, ODD_PIECES), 6).map((text) => `/${text}`),
  MONITOR_INTERVAL: fc.constantFrom('1', '0.5'),
};

function lineOf(keyword: string): fc.Arbitrary<string> {
  const value = oneOf(['x'], ['', 'relative', '0x1 0x2']).chain((chosen) =>
    chosen === 'x' ? (values[keyword] ?? fc.constant('')) : fc.constant(chosen),
  );
  return fc.tuple(blanks, between, value, blanks).map(([a, b, c, d]) => `${a}${keyword}${b}${c}${d}`);
}

const comment = textOf(oneOf([...PIECES, 'IPCKEY 0x9', 'SHM_DUMP_FILE /9'], ODD_PIECES), 4).map(
  (text) => `#${text}`,
);
const extra = fc.oneof(
  comment,
  fc.constantFrom('', ' ', '\t', 'MSG_CHECK_INTERVAL:/s:::', PENT),
  fc.constantFrom('MSG_CHECK_INTERVAL', 'MONITOR_INTERVAL').chain(lineOf),
  fc.constantFrom('IPCKEY 0x7', 'SHM_DUMP_FILE /7').map((line) => `# ${line}`),
);

const pfile = fc
  .tuple(lineOf('IPCKEY'), lineOf('SHM_DUMP_FILE'), fc.array(extra, { maxLength: 3 }))
  .chain(([ipckey, dump, extras]) => fc.shuffledSubarray([ipckey, dump, PENT, ...extras], { minLength: 3 }))
  .chain((lines) =>
    fc
      .tuple(fc.constantFrom('\n', '\r\n'), oneOf([''], ['\ufeff', '\ufeff\ufeff']))
      .map(([end, head]) => `${head}${lines.join(end)}${end}`),
  );

test('whatever pfile pcheck takes, padmin finds the same IPCKEY, MSG_CHECK_INTERVAL and SHM_DUMP_FILE in it', () => {
  let taken = 0;
  fc.assert(
    fc.property(pfile, (text) => {
      const { diagnostics, parameters } = parsePfile(text);
      if (diagnostics.some(({ severity }) => severity === 'error')) return;
      taken += 1;
      const { ipckey, msgCheckIntervalSeconds, shmDumpFile } = parameters.values;
      assert.deepEqual(
        [readIpckeyLeniently(text), readMsgCheckIntervalLeniently(text), readShmDumpFileLeniently(text)],
        [ipckey, msgCheckIntervalSeconds, shmDumpFile],
      );
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken > 300, `only ${taken} were taken`);
});
