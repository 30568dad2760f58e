// What pcheck -t finds: which running processes each entry means just now.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentMatches } from '../../../src/program/current-matches.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { PENT } from '../entry/story.ts';

/** Time passes while it waits. */
async function pidsOf(system: SimulatedSystem, names: readonly string[]): Promise<number[][]> {
  let found: number[][] | undefined;
  const pents = names.map((name, index) => ({ ...PENT, id: index + 1, name }));
  const ended = currentMatches(system, pents).then((matches) => {
    found = matches.map((some) => some.map(({ pid }) => pid));
  });
  for (let turn = 0; turn < 2000 && found === undefined; turn++) {
    system.clock.advance(5);
    await Promise.resolve();
  }
  await ended;
  return found ?? [];
}

test('each entry gets its matches, in the order of the entries', async () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const nginx = system.proc.start({ argv: ['nginx'] });
  assert.deepEqual(await pidsOf(system, ['nginx', 'java', 'none']), [[nginx.pid], [java.pid], []]);
});

test('a NAME is followed to its executable', async () => {
  const system = createSimulatedSystem();
  system.disk.set('/usr/bin/java', '-> /opt/jdk/java').set('/opt/jdk/java', 'ELF');
  const java = system.proc.start({ argv: ['service'], exe: '/opt/jdk/java' });
  assert.deepEqual(await pidsOf(system, ['/usr/bin/java']), [[java.pid]]);
});

test('answers that come late are waited for', async () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  system.deliver = (answer) => void system.clock.after(100, answer);
  assert.deepEqual(await pidsOf(system, ['java']), [[java.pid]]);
});

test('a process and a NAME that do not answer match nothing, and the others are told', async () => {
  const system = createSimulatedSystem();
  const silent = system.proc.start({ argv: ['java'] });
  const java = system.proc.start({ argv: ['java'] });
  system.disk.set('/mnt/java', '-> /opt/java').set('/opt/java', 'ELF');
  system.proc.start({ argv: ['service'], exe: '/opt/java' });
  system.deliver = (answer, of) => {
    if (of !== silent.pid && of !== '/mnt/java') answer();
  };
  assert.deepEqual(await pidsOf(system, ['java', '/mnt/java']), [[java.pid], []]);
});
