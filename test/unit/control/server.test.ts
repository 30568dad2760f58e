// pcheck's side of the control channel: what each request brings, and what rubbish does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseResponse, type Response } from '../../../src/control/messages.ts';
import { makeRequest } from '../../../src/control/question.ts';
import { parseRequest } from '../../../src/control/request.ts';
import { createAnswer, type ReloadAnswer } from '../../../src/control/server.ts';
import type { EntryReport } from '../../../src/entry/snapshot.ts';
import { PARAM_REPORT, PENT_REPORT, SNAPSHOT } from '../../harness/reports.ts';

const PFILE = '/etc/psaver/pfile';

function pent(pentId: number): EntryReport {
  return { ...PENT_REPORT, pentId };
}

function channel(
  busy: readonly number[] = [],
  reloadResult: ReloadAnswer = { text: '1 entries kept' },
  isEnding = false,
) {
  const calls: string[] = [];
  const answer = createAnswer({
    isEnding: () => isEnding,
    pfile: PFILE,
    snapshot: () => ({ ...SNAPSHOT, pents: [pent(1), pent(2)] }),
    param: () => PARAM_REPORT,
    stop(ids) {
      calls.push(`stop ${ids ?? 'all'}`);
      return busy;
    },
    start: (ids) => void calls.push(`start ${ids ?? 'all'}`),
    reset: (ids) => void calls.push(`reset ${ids ?? 'all'}`),
    reload: () => Promise.resolve(reloadResult),
    shutdown: () => void calls.push('shutdown'),
  });
  function ask(line: string): Response {
    const text = answer(line);
    assert.ok(typeof text === 'string', 'it is answered at once');
    return responseOf(text);
  }
  return { calls, ask, askSlowly: async (line: string) => responseOf(await answer(line)) };
}

function responseOf(text: string): Response {
  const response = parseResponse(text);
  assert.ok(response !== undefined, 'every answer is a response of the protocol');
  return response;
}

test('show pent answers with all entries, or with the one asked for', () => {
  const { ask } = channel();
  const all = ask(makeRequest(PFILE, 'show pent', undefined));
  assert.deepEqual(all, { kind: 'pents', snapshot: { ...SNAPSHOT, pents: [pent(1), pent(2)] } });
  assert.deepEqual(ask(makeRequest(PFILE, 'show pent', 2)), {
    kind: 'pents',
    snapshot: { ...SNAPSHOT, pents: [pent(2)] },
  });
});

test('while pcheck ends, what would change an entry is refused with 1 and not done; showing it goes on', () => {
  const { ask, calls } = channel([], undefined, true);
  for (const command of ['stop', 'start', 'reset', 'reload'] as const) {
    assert.deepEqual(ask(makeRequest(PFILE, command, undefined)), {
      kind: 'refused',
      status: 1,
      text: 'this pcheck is ending: nothing was done',
    });
  }
  assert.equal(ask(makeRequest(PFILE, 'show pent', undefined)).kind, 'pents');
  assert.equal(ask(makeRequest(PFILE, 'shutdown', undefined)).kind, 'done');
  assert.deepEqual(calls, ['shutdown']);
});

test('show param answers with the values in force', () => {
  const response = channel().ask(makeRequest(PFILE, 'show param', undefined));
  assert.deepEqual(response, { kind: 'param', param: PARAM_REPORT });
});

test('an entry that does not exist is refused as usage, and nothing is done', () => {
  const { ask, calls } = channel();
  const response = ask(makeRequest(PFILE, 'stop', 3));
  assert.deepEqual(response, { kind: 'refused', status: 64, text: 'there is no pent_id 3 (1 to 2)' });
  assert.deepEqual(calls, []);
});

test('stop and start reach all entries or one', () => {
  const { ask, calls } = channel();
  ask(makeRequest(PFILE, 'stop', undefined));
  ask(makeRequest(PFILE, 'start', 2));
  assert.deepEqual(calls, ['stop all', 'start 2']);
});

test('stop says which scripts go on all the same', () => {
  const response = channel([1]).ask(makeRequest(PFILE, 'stop', undefined));
  assert.deepEqual(response, {
    kind: 'done',
    text: 'monitoring off; the restart script of pent_id 1 is let finish',
  });
});

test('reload answers what has changed, or why nothing has, when the pfile has been read', async () => {
  const request = makeRequest(PFILE, 'reload', undefined);
  assert.deepEqual(await channel().askSlowly(request), { kind: 'done', text: '1 entries kept' });
  assert.deepEqual(await channel([], { status: 65, text: 'bad' }).askSlowly(request), {
    kind: 'refused',
    status: 65,
    text: 'bad',
  });
});

test('shutdown is passed on', () => {
  const { ask, calls } = channel();
  assert.deepEqual(ask(makeRequest(PFILE, 'shutdown', undefined)), { kind: 'done', text: 'pcheck ends' });
  assert.deepEqual(calls, ['shutdown']);
});

test('another pfile under the same IPCKEY is refused', () => {
  const response = channel().ask(makeRequest('/etc/other', 'shutdown', undefined));
  assert.ok(response.kind === 'refused');
  assert.equal(response.status, 1);
  assert.match(response.text, /\/etc\/psaver\/pfile/);
});

test('whatever a client sends, the answer is a response and nothing is done', () => {
  const { ask, calls } = channel();
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      assert.equal(ask(line).kind, 'refused');
    }),
  );
  assert.deepEqual(calls, []);
});

test('a request survives the way there', () => {
  assert.deepEqual(parseRequest(makeRequest(PFILE, 'start', 2)), {
    protocol: 1,
    pfile: PFILE,
    command: 'start',
    pentId: 2,
  });
});
