// What scripts and commands write: which lines of it come into the log, and when its files are looked after.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lastLines } from '../../../src/monitor/output.ts';
import type { SimulatedScript, SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { createWorld } from './world.ts';

/** Every script writes what `text` makes of its number, counted from 1, and ends with this status. */
function writing(system: SimulatedSystem, status: number, text: (run: number) => string): void {
  system.onScript = (script) => {
    script.write(text(system.started.length));
    script.end({ kind: 'exited', status });
  };
}

function wrote(log: readonly string[]): string[] {
  return log.filter((line) => line.includes(' wrote: '));
}

const check = {
  command: { path: '/check', arguments: [] },
  intervalSeconds: 60,
  timeoutSeconds: 30,
  fails: 1,
};

describe('the last lines', () => {
  const table: readonly [string, string, readonly string[]][] = [
    ['all of a short text', 'one\ntwo\n', ['one', 'two']],
    ['the last three of a long one', 'one\ntwo\nthree\nfour', ['two', 'three', 'four']],
    ['nothing of nothing', '', []],
    ['no blank lines', '\none\n\n  \ntwo  \n\n', ['one', 'two']],
    ['a progress bar is many lines', '1 %\r50 %\r\n100 %\r', ['1 %', '50 %', '100 %']],
    ['200 characters are not cut', 'x'.repeat(200), ['x'.repeat(200)]],
    ['201 are, with a mark', 'x'.repeat(201), [`${'x'.repeat(199)}…`]],
    ['characters are never cut in two', '😀'.repeat(201), [`${'😀'.repeat(199)}…`]],
  ];
  for (const [title, text, lines] of table) test(title, () => assert.deepEqual(lastLines(text), lines));
});

describe('in the log', () => {
  test('a script that fails tells what it wrote, this run’s alone, controls made visible', () => {
    const world = createWorld([{ name: 'java', restartIntervalSeconds: 0, retry: 2 }], {
      prepare: (system) => writing(system, 3, (run) => `run ${run}\n\u001b[31mno heap\n`),
    });
    world.passes(60);
    assert.deepEqual(wrote(world.log), [
      '(java) restart script wrote: run 1',
      '(java) restart script wrote: \\x1b[31mno heap',
      '(java) restart script wrote: run 2',
      '(java) restart script wrote: \\x1b[31mno heap',
    ]);
  });

  test('one that ends with 0 and starts nothing does so too, before the next one is tried', () => {
    const world = createWorld([{ name: 'java', restartIntervalSeconds: 0, retry: 2 }], {
      prepare: (system) => writing(system, 0, (run) => `run ${run}\n`),
    });
    world.passes(60);
    const tries = 'Try to restart (java)';
    assert.deepEqual(
      world.log.filter((line) => line === tries || line.includes('RETRY_OVER') || line.includes('wrote')),
      [
        tries,
        '(java) restart script wrote: run 1',
        tries,
        '(java) restart script wrote: run 2',
        '(java) RETRY_OVER:EXIT',
      ],
    );
  });

  test('a script that works says nothing in the log', () => {
    const world = createWorld([{ name: 'java' }], {
      prepare(system) {
        system.onScript = (script) => {
          script.write('starting java\n');
          system.proc.start({ argv: ['java'] });
          script.end({ kind: 'exited', status: 0 });
        };
      },
    });
    world.passes(30);
    assert.deepEqual(wrote(world.log), []);
  });

  test('a check that fails tells what it wrote, not what the restart writes that comes of it', () => {
    const world = createWorld([{ name: 'java', check }], {
      prepare(system) {
        system.proc.start({ argv: ['java'] }, 500);
        system.onScript = (script) => {
          script.write(script.command.path === '/check' ? 'no answer\n' : 'starting\n');
          if (script.command.path === '/check') script.end({ kind: 'exited', status: 1 });
        };
      },
    });
    world.passes(61);
    assert.equal(world.system.started.length, 2);
    assert.deepEqual(wrote(world.log), ['(java) check_cmd wrote: no answer']);
  });

  test('a check whose process has died is killed and says nothing in the log', () => {
    const checks: SimulatedScript[] = [];
    const world = createWorld([{ name: 'java', check }], {
      prepare(system) {
        system.proc.start({ argv: ['java'] }, 500);
        system.onScript = (script) => {
          if (script.command.path !== '/check') return;
          script.write('no answer\n');
          checks.push(script);
        };
      },
    });
    world.passes(61);
    world.system.proc.end(500);
    world.passes(10);
    checks[0]?.end({ kind: 'signalled', signal: 'SIGKILL' });
    world.passes(1);
    assert.deepEqual(wrote(world.log), []);
  });

  test('a last command that fails tells what it wrote', () => {
    const retryOverCommand = { path: '/bye', arguments: [] };
    const world = createWorld([{ name: 'java', retry: 0, action: 'continue', retryOverCommand }], {
      prepare: (system) => writing(system, 1, () => 'no mail server\n'),
    });
    world.passes(30);
    assert.deepEqual(wrote(world.log), ['(java) retry_over_cmd wrote: no mail server']);
  });
});

describe('the files', () => {
  test('are opened before the first script can be due, and looked after at each full check', () => {
    const world = createWorld([{ name: 'java', startWaitSeconds: 0 }, { name: 'nginx' }], {
      prepare(system) {
        const { start } = system.scripts;
        system.scripts.start = (command, on) => {
          assert.ok(system.outputs.kept.length > 0);
          return start(command, on);
        };
      },
    });
    const { started, outputs } = world.system;
    assert.equal(started.length, 1);
    assert.deepEqual(outputs.kept[0], ['/var/dump.1.out', '/var/dump.2.out']);
    const before = outputs.kept.length;
    world.passes(30);
    assert.equal(outputs.kept.length, before + 3);
  });

  test('are looked after when what a full check found has been acted upon', () => {
    const world = createWorld([{ name: 'java' }], {
      prepare: (system) => void system.proc.start({ argv: ['java'] }, 500),
    });
    const { system } = world;
    const keep = system.outputs.keep;
    const startedBefore: number[] = [];
    system.outputs.keep = (files, onKept) => {
      startedBefore.push(system.started.length);
      keep(files, onKept);
    };
    system.proc.end(500);
    world.passes(10);
    assert.deepEqual(startedBefore, [1]);
  });

  test('are cut after a run if need be, when its end has been acted upon', () => {
    const world = createWorld([{ name: 'java', check }], {
      prepare: (system) => void system.proc.start({ argv: ['java'] }, 500),
    });
    const { started, outputs } = world.system;
    const { cut } = outputs;
    const startedBefore: number[] = [];
    outputs.cut = (file) => {
      startedBefore.push(started.length);
      cut(file);
    };
    world.passes(60);
    started[0]?.end({ kind: 'exited', status: 1 });
    world.passes(0.001);
    assert.deepEqual(outputs.cuts, ['/var/dump.1.out']);
    assert.deepEqual(startedBefore, [2], 'the restart has been started');
  });

  test('one that cannot be written or cut is told once, and again when it has been well meanwhile', () => {
    const lost = { file: '/var/dump.2.out', is: 'lost', error: 'not a regular file (ENXIO)' } as const;
    const long = { file: '/var/dump.1.out', is: 'too-long', error: 'EIO' } as const;
    const world = createWorld([{ name: 'java' }, { name: 'nginx' }], {
      prepare(system) {
        for (const argv of [['java'], ['nginx']]) system.proc.start({ argv });
        system.outputs.problems = [lost];
      },
    });
    const told = () => world.log.filter((line) => line.includes('output'));
    world.passes(30);
    assert.deepEqual(told(), [
      '(nginx) output of the restart script is lost: /var/dump.2.out: not a regular file (ENXIO)',
    ]);
    world.system.outputs.problems = [long];
    world.passes(30);
    assert.equal(told().length, 2);
    assert.equal(told()[1], '(java) output file is too long and cannot be cut: /var/dump.1.out: EIO');
    world.system.outputs.problems = [lost, long];
    world.passes(30);
    assert.equal(told().length, 3);
  });
});
