// docs/specification.md against the source: its tables name what the code has and nothing else, and what comments
// call "SPEC 4.2" is there.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from '../../src/control/question.ts';
import { catalogue } from '../../src/log/catalogue.ts';
import { OPTION_KEYS } from '../../src/pfile/option-rows.ts';
import { PARAMETER_KEYWORDS } from '../../src/pfile/parameters.ts';
import { EXIT } from '../../src/program/exit.ts';
import { linesOf, readRules } from '../harness/specification.ts';

const RULES = readRules();

function keysOf(section: string): string[] {
  return RULES.filter((rule) => rule.section === section && rule.text.startsWith('|')).map(({ key }) => key);
}

test('the PARAM table has the keywords of the parser, in its order', () => {
  assert.deepEqual(keysOf('PARAM'), PARAMETER_KEYWORDS);
});

test('the table of PENT options has the options of the parser, in its order', () => {
  const keys = keysOf('PENT options').map((key) => key.replace(/=.*/, ''));
  assert.deepEqual(keys, OPTION_KEYS);
});

test('the table of commands has those of the control protocol', () => {
  assert.deepEqual(keysOf('Commands of padmin').sort(), [...COMMANDS].sort());
});

test('the tables of exit statuses have the statuses that the programs can end with', () => {
  const statuses = [...keysOf('Exit statuses of pcheck'), ...keysOf('Exit statuses of padmin')].map(Number);
  assert.deepEqual(new Set(statuses), new Set<number>(Object.values(EXIT)));
});

test('the table of syslog texts has the compatible texts of the catalogue with their levels', () => {
  const rows = RULES.filter(({ section, text }) => section === 'Syslog texts' && text.includes('[C]'));
  const written = rows.map(({ key, text }) => `${key} ${text.split('|')[2]?.trim()}`);
  const compatible = Object.values(catalogue).filter((message) => 'compatible' in message);
  const expected = compatible.map(({ text, level }) => `${inCapitals(text)} ${level}`);
  assert.deepEqual(written.sort(), expected.sort());
});

function inCapitals(text: string): string {
  return text.replace('{pid}', 'N').replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
}

test('every row of a table is marked as compatible or as an extension', () => {
  const rows = readFileSync('docs/specification.md', 'utf8').match(/^\| .*$/gm) ?? [];
  const heads = /^\| (?:-|keyword|field|key|option|exit|text|command)/;
  for (const row of rows.filter((line) => !heads.test(line)))
    assert.match(row, /^\| [^|]*\[(?:C|X|C\/X)\] +\|/, row);
  assert.ok(RULES.length > 90);
});

test('the page on compatibility has every row of the tables, and says compatible only where they are marked [C]', () => {
  const said = linesOf('docs/reference/compatibility.md').flatMap(({ section, line }) => {
    const [, key = '', word] = /^\| (.+?) +\| (compatible|partly|extension)\b/.exec(line) ?? [];
    return word === undefined || section === 'Behaviour' ? [] : [`${section} / ${key} ${word}`];
  });
  const marked = RULES.filter(({ text }) => text.startsWith('|')).map(({ section, text }) => {
    const [, cell = '', mark = ''] = /^\| (.+?) \[(C|X|C\/X)\]/.exec(text) ?? [];
    return `${section} / ${cell} ${WORDS[mark]}`;
  });
  assert.deepEqual(said, marked);
});

const WORDS: Readonly<Record<string, string>> = { C: 'compatible', X: 'extension', 'C/X': 'partly' };

test('every rule and bullet of the sections 3, 4 and 7 begins with its name, so that its proof can be asked for', () => {
  const text = readFileSync('docs/specification.md', 'utf8');
  for (const section of text.split(/^(?=## )/m).filter((part) => /^## [347]\./.test(part))) {
    for (const line of section.match(/^(?:- |\d+\. ).*$/gm) ?? []) {
      assert.match(line, /^(?:- |\d+\. )\*\*[A-Z][A-Za-z- ]*\.?\*\*/);
    }
  }
});

test('every SPEC number in a comment is a section or rule of the specification', () => {
  const text = readFileSync('docs/specification.md', 'utf8');
  const sections = [...text.matchAll(/^## (\d+)\. /gm)].map(([, number = '']) => number);
  const rules = RULES.map(({ key }) => /^\d+\.\d+(?= )/.exec(key)?.[0] ?? '');
  let count = 0;
  for (const file of ['src', 'test', 'scripts', 'examples', 'bin'].flatMap(filesBelow)) {
    for (const [, list = ''] of readFileSync(file, 'utf8').matchAll(/SPEC ([\d., to]*\d)/g)) {
      count += 1;
      for (const number of list.split(/, | to /)) {
        assert.ok(sections.includes(number) || rules.includes(number), `${file}: SPEC ${list}`);
      }
    }
  }
  assert.ok(count > 60, `${count} were found`);
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => statSync(name).isFile());
}
