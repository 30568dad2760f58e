// Node's timers behind the seam: Node fires one of 2^31 ms or more at once, so none may be that long.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { realClock } from '../../../src/system/real/clock.ts';

/** The delay that Node is asked for; no timer is set. */
function askedFor(t: TestContext, delayMilliseconds: number): unknown {
  const { mock } = t.mock.method(globalThis, 'setTimeout', () => undefined);
  realClock.after(delayMilliseconds, () => assert.fail('it was called'));
  assert.equal(mock.callCount(), 1);
  return mock.calls[0]?.arguments[1];
}

const HOUR = 3_600_000;
const CASES: ReadonlyArray<readonly [asked: number, set: number]> = [
  [0.2, 1],
  [250, 250],
  [HOUR, HOUR],
  [HOUR + 1, HOUR],
  [2 ** 31 - 1, HOUR],
  [2 ** 31, HOUR],
  [2 ** 53, HOUR],
  [Number.POSITIVE_INFINITY, HOUR],
];

for (const [asked, set] of CASES) {
  test(`a timer of ${asked} ms is set to ${set} ms`, (t) => {
    assert.equal(askedFor(t, asked), set);
  });
}

for (const asked of [0, -5]) {
  test(`what is asked for in ${asked} ms comes as soon as all that has happened was told, without a timer`, async (t) => {
    const { mock } = t.mock.method(globalThis, 'setTimeout');
    let isTaken = true;
    await new Promise<void>((resolve) => {
      realClock
        .after(asked, () => {
          isTaken = false;
        })
        .cancel();
      realClock.after(asked, resolve);
    });
    assert.equal(isTaken, true);
    assert.equal(mock.callCount(), 0);
  });
}

test('cancelling takes back the very timer that was set', (t) => {
  const timer = {};
  t.mock.method(globalThis, 'setTimeout', () => timer);
  const { mock } = t.mock.method(globalThis, 'clearTimeout', () => undefined);
  realClock.after(10, () => undefined).cancel();
  assert.deepEqual(
    mock.calls.map((call) => call.arguments[0]),
    [timer],
  );
});
