// A reload whose reading takes time: one at a time, none is lost, and the end of pcheck comes first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMessage } from '../../../src/log/format.ts';
import { parsePfile } from '../../../src/pfile/parse.ts';
import type { Pfile } from '../../../src/pfile/types.ts';
import { EXIT, ExitError } from '../../../src/program/exit.ts';
import type { LoadedPfile } from '../../../src/program/load-pfile.ts';
import { createReload } from '../../../src/program/reload.ts';
import { lines, PARAM, PENT } from '../pfile/fakes.ts';

function pfile(...more: readonly string[]): Pfile {
  const { parameters, pents } = parsePfile(lines(...PARAM, PENT, ...more));
  return { path: '/p', parameters: parameters.values, pents: pents.map(({ pent }) => pent) };
}

/** A pcheck whose pfile is read when the test says so. */
function createScene() {
  const calls: string[] = [];
  const readings: { succeed(next: Pfile): void; fail(error: unknown): void }[] = [];
  let status: number | undefined;
  let end: (decided: number) => void = () => undefined;
  const decided = new Promise<number>((resolve) => {
    end = resolve;
  });
  const { reload, current } = createReload(pfile(), {
    monitor: {
      whenLooked: (done) => done(),
      reload({ pents }) {
        calls.push(`monitor has ${pents.length}`);
        return { kept: 1, added: pents.length - 1, removed: 0 };
      },
    },
    serviceManager: {
      reloading: () => void calls.push('RELOADING'),
      reloaded: () => void calls.push('READY'),
    },
    log: { write: (told) => void calls.push(formatMessage(told)) },
    ending: { isDecided: () => status !== undefined, decided },
    read: () =>
      new Promise<LoadedPfile>((resolve, reject) => {
        readings.push({
          succeed: (next) => resolve({ pfile: next, warnings: [], messages: [] }),
          fail: reject,
        });
      }),
  });
  return {
    calls,
    readings,
    reload,
    current,
    end() {
      status = EXIT.done;
      end(status);
    },
  };
}

const ENDS = { status: 1, text: 'this pcheck is ending: nothing was done' };

test('what was read takes the place of what was in force, and the answer comes then', async () => {
  const { reload, readings, calls, current } = createScene();
  const answer = reload();
  assert.deepEqual(calls, ['RELOADING']);
  readings[0]?.succeed(pfile('k:/s.sh:::'));
  assert.deepEqual(await answer, { text: '1 entries kept, 1 added, 0 removed' });
  assert.deepEqual(calls, ['RELOADING', 'monitor has 2', 'READY']);
  assert.equal(current().pents.length, 2);
});

test('a pfile that cannot be looked at changes nothing', async () => {
  const { reload, readings, calls, current } = createScene();
  const answer = reload();
  readings[0]?.fail(new ExitError(EXIT.noPfile, 'cannot read the pfile /p: no answer within 5 s'));
  assert.deepEqual(await answer, {
    status: 66,
    text: 'cannot read the pfile /p: no answer within 5 s\nnothing has changed',
  });
  assert.equal(calls.filter((call) => call.startsWith('monitor')).length, 0);
  assert.match(calls[1] ?? '', /nothing has changed: cannot read the pfile/);
  assert.equal(current().pents.length, 1);
});

test('who asks while the pfile is being read shares one more reading, which comes afterwards', async () => {
  const { reload, readings } = createScene();
  const first = reload();
  const [second, third] = [reload(), reload()];
  assert.equal(readings.length, 1);
  readings[0]?.succeed(pfile());
  assert.deepEqual(await first, { text: '1 entries kept, 0 added, 0 removed' });
  assert.equal(readings.length, 2);
  readings[1]?.succeed(pfile('k:/s.sh:::'));
  assert.deepEqual(await second, { text: '1 entries kept, 1 added, 0 removed' });
  assert.equal(await third, await second);
  const fourth = reload();
  assert.equal(readings.length, 3);
  readings[2]?.succeed(pfile());
  assert.deepEqual(await fourth, { text: '1 entries kept, 0 added, 0 removed' });
});

test('one more reading follows one that was refused too', async () => {
  const { reload, readings } = createScene();
  const answers = [reload(), reload()];
  readings[0]?.fail(new ExitError(EXIT.badPfile, 'bad'));
  assert.equal('status' in ((await answers[0]) ?? ENDS), true);
  readings[1]?.succeed(pfile());
  assert.deepEqual(await answers[1], { text: '1 entries kept, 0 added, 0 removed' });
});

test('an end that is decided meanwhile is the answer at once, also to who waits; what is read later changes nothing', async () => {
  const { reload, readings, calls, current, end } = createScene();
  const answers = [reload(), reload()];
  end();
  assert.deepEqual(await Promise.all(answers), [ENDS, ENDS]);
  readings[0]?.succeed(pfile('k:/s.sh:::'));
  await Promise.all(answers);
  assert.equal(readings.length, 1);
  assert.deepEqual(calls, ['RELOADING']);
  assert.equal(current().pents.length, 1);
  assert.deepEqual(await reload(), ENDS);
});

test('a defect of the reading is one of pcheck', async () => {
  const { reload, readings } = createScene();
  const answer = reload();
  readings[0]?.fail(new TypeError('a defect'));
  await assert.rejects(answer, /a defect/);
});
