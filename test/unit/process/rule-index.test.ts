// The index never misses a rule that fits: what it finds contains all that the matcher, asked for each rule, would find.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../../src/process/command-line.ts';
import { type MatchRule, matches } from '../../../src/process/matcher.ts';
import { createRuleIndex } from '../../../src/process/rule-index.ts';
import { ANY, NOBODY } from './rules.ts';

const NAMES = ['java', '/usr/bin/java', '/opt/jdk/java', 'run.sh', '/srv/run.sh', '/', 'a b', ''] as const;
const WORDS = [...NAMES, 'sh', '/bin/sh', '-x', '-c', '/bin/java/', 'java/', '日本'] as const;

const anyRule: fc.Arbitrary<MatchRule> = fc
  .record({
    name: fc.constantFrom(...NAMES.filter((name) => name !== '')),
    executables: fc.subarray(['/usr/bin/java', '/opt/jdk/java', '/bin/sh']),
    isScript: fc.boolean(),
  })
  .map(({ name, executables, isScript }) => ({
    ...ANY,
    name: {
      name,
      isPath: name.includes('/'),
      executables: new Set(name.includes('/') ? [name, ...executables] : []),
      interpreter: isScript ? { path: '/bin/sh', executable: '/bin/sh' } : undefined,
    },
  }));

test('whoever the process is, every rule that fits it is among the candidates', () => {
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 8 }),
      fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }),
      fc.constantFrom('java', 'run.sh', 'sh', 'other'),
      fc.constantFrom('/usr/bin/java', '/opt/jdk/java (deleted)', '/bin/sh', undefined),
      (rules, argv, comm, exe) => {
        const line = argv.map((word) => `${word}\0`).join('');
        const found = createRuleIndex(new Map(rules.entries())).candidates(comm, argv, exe);
        const commandLine = line === '' ? undefined : parseCommandLine(Buffer.from(line));
        const candidate = { ...NOBODY, comm, commandLine, exe: () => exe };
        rules.forEach((rule, key) => {
          if (matches(rule, candidate)) assert.ok(found.includes(key), `${rule.name.name} ${argv}`);
        });
        assert.equal(new Set(found).size, found.length);
      },
    ),
    { numRuns: 3000 },
  );
});
