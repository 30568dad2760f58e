// What has been waited for too long is named once, and so is its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld } from '../world.ts';

test('a pidfile and a NAME that do not answer are named after 5 s, each once, and again when they do', () => {
  const world = createWorld([{ name: '/srv/java', pidfile: '/srv/java.pid' }], {
    prepare(system) {
      system.disk.set('/srv/java', '');
      system.proc.start({ argv: ['/srv/java'], exe: '/srv/java' }, 500);
      system.deliver = (answer, of) => {
        const left = 100_000 - system.clock.now().monotonic;
        if (typeof of === 'string' && left > 0) system.clock.after(left, answer);
        else answer();
      };
    },
  });
  world.passes(60);
  const told = () =>
    world.log.filter((line) => /answer/.test(line)).map((line) => line.replace(/\d+ s/, 'N s'));
  assert.deepEqual(told(), [
    '(/srv/java) no answer about NAME for N s: /srv/java',
    '(/srv/java) no answer about pidfile for N s: /srv/java.pid',
  ]);
  world.passes(60);
  assert.deepEqual(told().slice(2), [
    '(/srv/java) NAME answers again, after N s: /srv/java',
    '(/srv/java) pidfile answers again, after N s: /srv/java.pid',
  ]);
});

test('many command lines are named together, the first ten by their pids', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      for (let pid = 500; pid < 512; pid++) system.proc.start({ argv: ['java'] }, pid);
      system.deliver = () => undefined;
    },
  });
  world.passes(60);
  const told = world.log.filter((line) => line.includes('command line'));
  assert.equal(
    told[0],
    'cannot read the command line for 5 s: pid 500 501 502 503 504 505 506 507 508 509 and 2 more',
  );
});
