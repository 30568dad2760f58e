// A held process while files or command lines do not answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld, type World } from '../world.ts';

/** Without those that tell for how long somebody does not answer. */
function aboutEntries({ log }: World): string[] {
  return log.filter((line) => !/ the command line/.test(line));
}

test('a held process whose NAME could not be looked up stays held', () => {
  const service = { argv: ['service'], comm: 'service', exe: '/opt/jdk/java' };
  const before = createWorld([{ name: '/mnt/java' }], {
    prepare(system) {
      system.disk.set('/mnt/java', '-> /opt/jdk/java').set('/opt/jdk/java', 'ELF');
      system.proc.start(service, 500);
    },
  });
  before.passes(15);
  assert.deepEqual(before.log, ['(/mnt/java ,pid=500) Up']);
  // The next pcheck does not learn what NAME leads to.
  before.system.deliver = (answer, of) => {
    if (typeof of === 'number') answer();
  };
  const world = before.crash();
  world.passes(60);
  assert.equal(world.monitor.reports()[0]?.pid, 500);
  assert.equal(world.system.started.length, 0);
  world.system.proc.end(500);
  world.passes(30);
  assert.ok(world.log.includes('Process [/mnt/java ,pid=500] Down'), world.log.join('\n'));
  assert.equal(world.system.started.length, 1);
});

test('a held process whose command line does not answer any more stays held, and its death is seen', () => {
  const world = createWorld([{ name: 'java', includeStrings: ['tomcat'] }], {
    prepare: (system) => void system.proc.start({ argv: ['java', 'tomcat'] }, 500),
  });
  world.passes(15);
  world.system.deliver = () => undefined;
  world.passes(300);
  assert.deepEqual(aboutEntries(world), ['(java ,pid=500) Up']);
  world.system.proc.end(500);
  world.passes(15);
  assert.ok(world.log.includes('Process [java ,pid=500] Down'));
  assert.equal(world.system.started.length, 1);
});

test('a service that does not answer is not up, and counts as soon as it does', () => {
  const world = createWorld([{ name: 'java', startWaitSeconds: 1000 }], {
    prepare(system) {
      system.proc.start({ argv: ['java'] }, 500);
      const answers: (() => void)[] = [];
      system.deliver = (answer, of) => {
        if (of === 500 && system.clock.now().monotonic < 50_000) answers.push(answer);
        else answer();
      };
      system.clock.afterAlways(60_000, () => {
        for (const answer of answers) answer();
      });
    },
  });
  world.passes(59);
  assert.deepEqual(aboutEntries(world), []);
  world.passes(1.1);
  assert.deepEqual(aboutEntries(world), ['(java ,pid=500) Up']);
});

test('what a held process descends from stays known to the next pcheck, whom it does not answer', () => {
  const before = createWorld([{ name: 'nginx', startWaitSeconds: 1 }]);
  const { proc } = before.system;
  const master = proc.start({ argv: ['nginx'] });
  const { session, startStack } = master;
  before.passes(15);
  before.system.deliver = (answer, of) => {
    if (of !== master.pid) answer();
  };
  const after = before.crash();
  after.passes(15);
  const worker = proc.start({ argv: ['nginx'], ppid: master.pid, session, startStack });
  after.passes(15);
  proc.end(master.pid);
  after.passes(30);
  assert.ok(after.log.some((line) => line.endsWith(`pid=${master.pid}] Down`)));
  assert.ok(!after.log.includes(`(nginx ,pid=${worker.pid}) Up`), after.log.join('\n'));
});
