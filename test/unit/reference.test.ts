// The reference pages say what the programs do: every field of --json, every exit status.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type * as z from 'zod/mini';
import { paramJsonSchema, pentJsonSchema, pentsJsonSchema } from '../../src/control/json.ts';
import { EXIT, EXITS } from '../../src/program/exit.ts';

function page(name: string): string {
  return readFileSync(`docs/reference/${name}.md`, 'utf8');
}

/** The cells of all tables whose first column is headed so, table by table, without the heading. */
function tables(text: string, heading: string): string[][][] {
  const blocks = text.split(/\n\n+/).map((block) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.slice(1, -1).split('|'))
      .map((cells) => cells.map((cell) => cell.trim())),
  );
  return blocks.filter(([head]) => head?.[0] === heading).map((rows) => rows.slice(2));
}

/** A field as the page has to describe it: its type, and whether it may be null. */
function described(schema: z.core.$ZodType): [type: string, mayBeNull: boolean] {
  // The definitions of zod are a union by `type`, but their own type does not say so.
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'nullable':
      return [described(def.innerType)[0], true];
    case 'string':
      return ['format' in def && def.format === 'datetime' ? 'time' : 'string', false];
    case 'enum':
    case 'literal':
      return ['string', false];
    case 'number':
      return ['format' in def && def.format === 'safeint' ? 'integer' : 'number', false];
    case 'array':
      return [def.element._zod.def.type === 'object' ? 'array' : `${described(def.element)[0]}s`, false];
    default:
      throw new Error(`no word for the type ${def.type}`);
  }
}

for (const [index, [what, schema]] of (
  [
    ['show pent', pentsJsonSchema],
    ['each of pents', pentJsonSchema],
    ['show param', paramJsonSchema],
  ] as const
).entries()) {
  test(`padmin.md describes every field of --json for ${what}, in order, and no other`, () => {
    const rows = tables(page('padmin'), 'field')[index] ?? [];
    const told = rows.map(([field, type, meaning, whenNull]) => {
      assert.notEqual(meaning, '', field);
      return [field, type, whenNull !== 'never'];
    });
    const fields: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const expected = Object.entries(fields).map(([field, type]) => [`\`${field}\``, ...described(type)]);
    assert.deepEqual(told, expected);
  });
}

test('padmin.md names every value that a field of a pent can have', () => {
  for (const [field = '', , meaning = ''] of tables(page('padmin'), 'field')[1] ?? []) {
    for (const value of valuesOf(pentShape[field.replaceAll('`', '')])) {
      assert.ok(meaning.includes(`\`${value}\``), `${field}: ${value}`);
    }
  }
});

const pentShape: Readonly<Record<string, z.core.$ZodType>> = pentJsonSchema.shape;

function valuesOf(schema: z.core.$ZodType | undefined): (string | number)[] {
  // As above.
  const def = (schema as z.core.$ZodTypes | undefined)?._zod.def;
  if (def?.type === 'nullable') return valuesOf(def.innerType);
  return def?.type === 'enum' ? Object.values(def.entries) : [];
}

test('padmin.md names the schemas by their versioned names', () => {
  for (const { shape } of [pentsJsonSchema, paramJsonSchema]) {
    const [name = ''] = shape.schema.def.values;
    assert.match(page('padmin'), new RegExp(`^\\| \`schema\` .*\`${name}\``, 'm'));
  }
});

for (const program of ['pcheck', 'padmin'] as const) {
  test(`exit-statuses.md has every status of ${program} once, in order, each with what to do`, () => {
    const [, text = ''] = page('exit-statuses').split(`\n## ${program}\n`);
    const [rows = []] = tables(text, 'status');
    assert.deepEqual(
      rows.map(([status]) => Number(status)),
      EXITS[program].map(([status]) => status),
    );
    for (const cells of rows) assert.ok(!cells.includes(''), `status ${cells[0]}`);
  });

  test(`${program}.md has no table of its own for them and leads there`, () => {
    assert.deepEqual([...tables(page(program), 'exit'), ...tables(page(program), 'status')], []);
    assert.match(page(program), /\]\(exit-statuses\.md\)/);
  });
}

test('every status that the programs know belongs to one of them', () => {
  const known = new Set<number>(Object.values(EXIT));
  const told = new Set(Object.values(EXITS).flatMap((meanings) => meanings.map(([status]) => status)));
  assert.deepEqual([...told].sort(), [...known].sort());
});
