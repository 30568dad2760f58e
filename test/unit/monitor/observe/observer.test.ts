// Looks at the processes for entries: who is told when, while answers come late or never.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScene } from './scene.ts';

const JAVA = { name: 'java' };
/** Nobody but a process of this user matters to it. */
const OTHERS = { name: 'nginx', uid: 1000 };

test('who is decided is told at once, who waits for an answer is told when it has come', () => {
  const { system, slots, observer, withhold, letGo, told, match } = createScene([JAVA, OTHERS]);
  const { pid } = system.proc.start({ argv: ['java'] });
  withhold(pid);
  observer.look(slots, 'new');
  assert.deepEqual(told(), ['2 at 0']);
  assert.ok(observer.isWaiting());
  system.clock.advance(15);
  letGo(pid);
  assert.equal(match(), pid);
  assert.deepEqual(told(), ['1 at 15']);
  assert.equal(observer.isWaiting(), false);
});

test('an answer that does not come is waited for a moment, then the entry is told what is known', () => {
  const { system, slots, observer, withhold, letGo, told, match } = createScene([JAVA]);
  const { pid } = system.proc.start({ argv: ['java'] });
  withhold(pid);
  observer.look(slots, 'new');
  system.clock.advance(1000);
  assert.equal(match(), undefined);
  assert.deepEqual(told(), ['1 at 300']);
  observer.look(slots, 'new');
  assert.deepEqual(told(), ['1 at 1000'], 'it is not waited for again');
  letGo(pid);
  observer.look(slots, 'new');
  assert.equal(match(), pid, 'a late answer counts');
});

test('a look that waited looks once more for who has come since', () => {
  const { system, slots, observer, withhold, letGo, match } = createScene([JAVA]);
  const silent = system.proc.start({ argv: ['other'] });
  withhold(silent.pid);
  observer.look(slots, 'new');
  system.clock.advance(50);
  const java = system.proc.start({ argv: ['java'] });
  letGo(silent.pid);
  assert.equal(match(), java.pid);
});

test('an entry that is looked for already is looked for once more, and told once', () => {
  const { system, slots, observer, withhold, letGo, told, match } = createScene([JAVA]);
  const silent = system.proc.start({ argv: ['other'] });
  withhold(silent.pid);
  observer.look(slots, 'new');
  const java = system.proc.start({ argv: ['java'] });
  observer.look(slots, 'new');
  assert.deepEqual(told(), []);
  letGo(silent.pid);
  assert.equal(match(), java.pid, 'it came between the two looks');
  assert.deepEqual(told(), ['1 at 0']);
  system.clock.advance(10_000);
  assert.deepEqual(told(), []);
});

test('a look that goes further takes an entry over from one that does not, which tells it nothing', () => {
  const { system, slots, observer, withhold, letGo, told, match } = createScene([JAVA]);
  const old = system.proc.start({ argv: ['sh'] });
  observer.look(slots, 'new');
  told();
  system.clock.advance(120_000);
  const silent = system.proc.start({ argv: ['other'] });
  withhold(silent.pid);
  Object.assign(old, { argv: ['java'], comm: 'java', startStack: old.startStack + 16 });
  observer.look(slots, 'new');
  observer.look(slots, 'everything');
  letGo(silent.pid);
  assert.equal(match(), old.pid);
  assert.equal(told().length, 1);
  system.clock.advance(10_000);
  assert.deepEqual(told(), []);
});

test('an entry whose NAME hangs waits 1 s for it, the others do not', () => {
  const { system, slots, lookups, observer, withhold, told } = createScene([{ name: '/mnt/java' }, JAVA]);
  withhold('/mnt/java');
  slots.forEach(lookups.refreshRule);
  observer.look(slots, 'full');
  assert.deepEqual(told(), ['2 at 0']);
  system.clock.advance(900);
  assert.deepEqual(told(), []);
  system.clock.advance(300);
  assert.deepEqual(told(), ['1 at 1100']);
  slots.forEach(lookups.refreshRule);
  observer.look(slots, 'full');
  assert.deepEqual(told(), ['1 at 1200', '2 at 1200'], 'one that hangs is waited for once');
});

test('an entry whose NAME is told soon is looked for together with those that it was to be looked for with', () => {
  const { system, slots, lookups, observer, withhold, letGo, told } = createScene([
    { name: '/mnt/a' },
    { name: '/mnt/b' },
  ]);
  for (const path of ['/mnt/a', '/mnt/b']) withhold(path);
  slots.forEach(lookups.refreshRule);
  observer.look(slots, 'full');
  letGo('/mnt/a');
  assert.deepEqual(told(), []);
  system.clock.advance(5);
  letGo('/mnt/b');
  assert.deepEqual(told(), ['1 at 5', '2 at 5']);
});

test('an entry that waits for its NAME is looked for as far as anybody has asked', () => {
  const { system, slots, lookups, observer, withhold, letGo, told, match } = createScene([
    { name: '/mnt/java' },
  ]);
  const old = system.proc.start({ argv: ['sh'] });
  observer.look(slots, 'full');
  told();
  system.clock.advance(120_000);
  Object.assign(old, { argv: ['/mnt/java'], startStack: old.startStack + 16 });
  withhold('/mnt/java');
  slots.forEach(lookups.refreshRule);
  observer.look(slots, 'new');
  observer.look(slots, 'everything');
  letGo('/mnt/java');
  assert.equal(match(), old.pid);
  assert.equal(told().length, 1);
});

test('an entry whose pidfile hangs waits 1 s for it, the others do not', () => {
  const { system, slots, observer, withhold, letGo, told, match } = createScene([
    { ...JAVA, pidfile: '/mnt/pid' },
    JAVA,
  ]);
  const { pid } = system.proc.start({ argv: ['java'] });
  system.disk.set('/mnt/pid', `${pid}\n`);
  withhold('/mnt/pid');
  observer.look(slots, 'new');
  assert.deepEqual(told(), ['2 at 0']);
  system.clock.advance(1200);
  assert.equal(match(), undefined, 'a pidfile that hangs counts as missing');
  assert.deepEqual(told(), ['1 at 1100']);
  observer.look(slots, 'new');
  assert.equal(told().length, 2, 'one that hangs is waited for once');
  letGo('/mnt/pid');
  observer.look(slots, 'new');
  assert.equal(match(), pid);
});

test('the strangers of a full check are read in later turns, when the entries have been told', () => {
  const { system, slots, observer, told } = createScene([JAVA]);
  const { proc, clock } = system;
  for (let index = 0; index < 200; index++) proc.start({ argv: ['other'] });
  observer.look(slots, 'full');
  told();
  clock.advance(120_000);
  let reads = 0;
  const { readOfProcess } = proc;
  proc.readOfProcess = (...what) => {
    reads += 1;
    // Only pcheck needs time, nothing happens meanwhile.
    clock.holdUp(1);
    return readOfProcess(...what);
  };
  observer.look(slots, 'full');
  assert.equal(told().length, 1);
  assert.ok(reads >= 20 && reads < 100, `${reads} were read in the first turn`);
  assert.equal(observer.isWaiting(), false);
  clock.advance(1000);
  assert.ok(reads >= 200);
});

test('when /proc cannot be looked at, that is told once, and the same look goes on a second later', () => {
  const { system, slots, observer, lines, told } = createScene([JAVA]);
  system.proc.failure = 'EMFILE';
  observer.look(slots, 'new');
  system.clock.advance(2500);
  assert.equal(lines.length, 1);
  assert.deepEqual(told(), []);
  system.proc.failure = undefined;
  system.clock.advance(1000);
  assert.deepEqual(told(), ['1 at 3000']);
  assert.equal(observer.lookNow(slots)?.length, 1);
  system.proc.failure = 'ENFILE';
  assert.equal(observer.lookNow(slots), undefined);
  assert.equal(lines.length, 2);
});

test('a look without waiting tells what is known, and leaves what the pidfile has named', () => {
  const { system, slots, observer, withhold } = createScene([{ ...JAVA, pidfile: '/run/pid' }]);
  const { pid } = system.proc.start({ argv: ['java'] });
  system.disk.set('/run/pid', String(pid));
  observer.look(slots, 'new');
  withhold('/run/pid');
  assert.equal(observer.lookNow(slots)?.[0]?.match?.pid, pid);
});

test('an entry that is forgotten is told nothing, and nobody is after the end', () => {
  const { system, slots, observer, withhold, letGo, told } = createScene([JAVA, JAVA]);
  const { pid } = system.proc.start({ argv: ['java'] });
  withhold(pid);
  observer.look(slots, 'new');
  for (const slot of slots.slice(0, 1)) observer.forget(slot);
  observer.close();
  letGo(pid);
  system.clock.advance(1000);
  observer.look(slots, 'new');
  assert.deepEqual(told(), []);
});
