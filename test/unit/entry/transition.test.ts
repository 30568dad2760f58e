// The life of an entry, told event by event (SPEC 4). No clock: time passes when a test says so.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FAILED, NONE, SUCCEEDED, story, there, upStory } from './story.ts';

const DOWN = 'Process [java ,pid=10] Down';
const TRY = 'Try to restart (java)';

describe('start', () => {
  test('a process that is there is up at once', () => {
    const entry = story();
    assert.equal(entry.status(), 'INIT');
    assert.deepEqual(entry.sees(there(10)), ['(java ,pid=10) Up']);
    assert.equal(entry.status(), 'AVAIL');
    assert.equal(entry.entry.retryCount, 0);
  });

  test('one that is not there is looked for during start_wait, in growing gaps', () => {
    const entry = story();
    assert.equal(entry.wakesIn(), 0.01);
    entry.passes(5);
    assert.deepEqual(entry.sees(NONE), []);
    assert.equal(entry.wakesIn(), 0.5);
    entry.passes(4.9);
    assert.deepEqual(entry.sees(there(10)), ['(java ,pid=10) Up']);
  });

  test('when start_wait is over, pid setting has failed, and the restart uses up a retry', () => {
    const entry = story();
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), ['Set pid fail (java)', TRY, 'run 1']);
    assert.equal(entry.entry.retryCount, 1);
    assert.equal(entry.status(), 'RESTART');
  });

  test('with RETRY 0 and nothing there, the retries are used up without a script', () => {
    const entry = story({ retry: 0 });
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), [
      'Set pid fail (java)',
      '(java) RETRY_OVER:EXIT',
      '(java) FATAL',
      'end 1',
    ]);
  });

  test('with start_wait 0 the first look decides', () => {
    assert.deepEqual(story({ startWaitSeconds: 0 }).sees(NONE), ['Set pid fail (java)', TRY, 'run 1']);
  });
});

describe('death', () => {
  test('the held process living on changes nothing', () => {
    const entry = upStory();
    assert.deepEqual(entry.sees(there(10)), []);
    assert.deepEqual(entry.sees({ ...NONE, heldIsThere: true, count: 1 }), []);
  });

  test('a successor is adopted without a retry', () => {
    const entry = upStory();
    assert.deepEqual(entry.sees(there(11, false)), ['(java ,pid=11) Up']);
    assert.equal(entry.entry.retryCount, 0);
    assert.equal(entry.entry.restartCount, 0);
  });

  test('nothing left means Down and, the first time, a restart at once', () => {
    const entry = upStory();
    assert.deepEqual(entry.sees(NONE), [DOWN, TRY, 'run 1']);
    assert.equal(entry.entry.rerunAt, Date.UTC(2026, 0, 1));
  });

  test('restart_delay gives it time to come back by itself', () => {
    const entry = upStory({ restartDelaySeconds: 5 });
    assert.deepEqual(entry.sees(NONE), [DOWN, '(java) next restart in 5 s (restart_delay)']);
    entry.passes(3);
    assert.deepEqual(entry.sees(NONE), []);
    assert.deepEqual(entry.sees(there(11, false)), ['(java ,pid=11) Up']);
    assert.equal(entry.entry.retryCount, 0);
  });

  test('when restart_delay is over, the script is run', () => {
    const entry = upStory({ restartDelaySeconds: 5 });
    entry.sees(NONE);
    assert.equal(entry.wakesIn(), 5);
    entry.passes(5);
    assert.deepEqual(entry.sees(NONE), [TRY, 'run 1']);
  });

  test('the next script waits for restart_interval after the start of the last', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.passes(2);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    entry.passes(1);
    assert.deepEqual(entry.sees(NONE), [
      'Process [java ,pid=11] Down',
      '(java) next restart in 7 s (restart_interval)',
    ]);
    assert.equal(entry.status(), 'RESTART');
    entry.passes(7);
    assert.deepEqual(entry.sees(NONE), [TRY, 'run 2']);
  });

  test('a process that comes back during restart_interval is taken on', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    entry.sees(NONE);
    assert.deepEqual(entry.sees(there(12, false)), ['(java ,pid=12) Up']);
    assert.equal(entry.entry.retryCount, 1);
  });

  test('a process that an earlier entry held too is left to that entry', () => {
    const entry = upStory();
    assert.deepEqual(entry.sees({ ...NONE, heldByEarlierEntry: true }), [DOWN]);
    assert.equal(entry.status(), 'UNAVAIL');
    assert.deepEqual(entry.sees(there(11, false)), ['(java ,pid=11) Up']);
  });
});

describe('restart', () => {
  test('a process that appears while the script runs is up when the script ends', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.deepEqual(entry.sees(there(11, false)), []);
    assert.equal(entry.status(), 'RESTART');
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, there(11)), ['(java ,pid=11) Up']);
  });

  test('a process noted during the script that is gone at its end does not count', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.sees(there(11, false));
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, NONE), []);
    assert.equal(entry.status(), 'RESTART');
  });

  test('without a process at the script’s end it has start_wait to appear', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.passes(1);
    entry.scriptEnds(SUCCEEDED, NONE);
    assert.equal(entry.wakesIn(), 0.1);
    entry.passes(9.9);
    assert.deepEqual(entry.sees(there(11, false)), ['(java ,pid=11) Up']);
  });

  test('a script that ends well and starts nothing has failed', () => {
    const entry = upStory({ restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, NONE);
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), [
      '(java) restart failed: the script ended with status 0, and no process that matches appeared within 10 s',
      'output of run 1',
      DOWN,
      TRY,
      'run 2',
    ]);
  });

  test('what the last restart wrote is told before the retries are said to be over', () => {
    const entry = upStory({ retry: 1 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, NONE);
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE).slice(1), [
      'output of run 1',
      DOWN,
      '(java) RETRY_OVER:EXIT',
      '(java) FATAL',
      'end 1',
    ]);
  });

  test('a script that was ended at its time limit has failed, whatever its status', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.passes(300);
    entry.sees(NONE);
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, NONE), [
      '(java) restart script was ended after 300 s (restart_timeout); the process has start_wait (10 s) to appear',
      'output of run 1',
    ]);
  });

  test('a script that fails although the process is there is a warning only', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.deepEqual(entry.scriptEnds(FAILED, there(11, false)), [
      '(java) restart script ended with status 3, but the process is there',
      'output of run 1',
      '(java ,pid=11) Up',
    ]);
  });

  test('a script that fails may still have a process appear in time', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.deepEqual(entry.scriptEnds(FAILED, NONE), [
      '(java) restart script ended with status 3; the process has start_wait (10 s) to appear',
      'output of run 1',
    ]);
    assert.deepEqual(entry.sees(there(11, false)), [
      '(java) restart script ended with status 3, but the process is there',
      '(java ,pid=11) Up',
    ]);
  });

  test('a script that cannot be started has failed at once and counts', () => {
    const entry = upStory({ restartIntervalSeconds: 0 });
    entry.sees(NONE);
    assert.deepEqual(
      entry.scriptEnds({ outcome: 'unspawnable', text: 'could not be started: EAGAIN' }, NONE),
      ['(java) restart failed: the script could not be started: EAGAIN', DOWN, TRY, 'run 2'],
    );
    assert.equal(entry.entry.retryCount, 2);
  });

  test('a failed restart of a process that never was is Down with pid 0', () => {
    const entry = story({ startWaitSeconds: 0, restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, NONE);
    assert.deepEqual(entry.sees(NONE).slice(2), ['Process [java ,pid=0] Down', TRY, 'run 2']);
  });

  test('when the script hangs, it is terminated after restart_timeout and killed ten seconds later', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.equal(entry.wakesIn(), 300);
    entry.passes(300);
    assert.deepEqual(entry.sees(NONE), [
      '(java) restart script still running after 300 s: SIGTERM to its process group',
      'SIGTERM 1',
    ]);
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), [
      '(java) restart script ignored SIGTERM for 10 s: SIGKILL to its process group',
      'SIGKILL 1',
    ]);
    assert.equal(entry.wakesIn(), 10);
    entry.scriptEnds({ outcome: 'failed', text: 'was killed by SIGKILL' }, NONE);
    entry.passes(10);
    assert.equal(
      entry.sees(NONE)[0],
      '(java) restart failed: the script was ended after 300 s (restart_timeout), and no process that matches appeared within 10 s',
    );
  });

  for (const [heldUp, more] of [
    [40, 40],
    [4000, 300],
  ] as const) {
    test(`held up for ${heldUp} s over restart_timeout, pcheck gives the script ${more} s more, once`, () => {
      const entry = upStory();
      entry.sees(NONE);
      entry.passes(300 + heldUp);
      assert.deepEqual(entry.sees(NONE), []);
      assert.equal(entry.wakesIn(), more);
      entry.passes(more + 5);
      assert.equal(entry.sees(NONE).at(-1), 'SIGTERM 1');
    });
  }

  test('a second late is not held up: the script is terminated at once', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.passes(300.9);
    assert.equal(entry.sees(NONE).at(-1), 'SIGTERM 1');
  });

  /** The script of its first run was sent SIGKILL so many seconds ago. */
  function killed(seconds: number) {
    const entry = upStory({ restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.passes(300);
    entry.sees(NONE);
    entry.passes(10);
    assert.equal(entry.sees(NONE).at(-1), 'SIGKILL 1');
    entry.passes(seconds);
    return entry;
  }

  test('a script that SIGKILL does not end is told of ten seconds later, once, and no other one is started', () => {
    const early = killed(9.9);
    assert.deepEqual(early.sees(NONE), []);
    const entry = killed(10);
    assert.deepEqual(entry.sees(NONE), [
      '(java) restart script has not ended 10 s after SIGKILL: no restart of this entry until it does',
    ]);
    assert.equal(entry.wakesIn(), undefined);
    entry.passes(86_400);
    assert.deepEqual(entry.sees(NONE), []);
    assert.deepEqual(entry.reset(NONE), ['(java) retry_count 0 again: reset by padmin']);
    entry.stop();
    assert.deepEqual(entry.start(NONE), ['(java) monitoring on']);
    assert.equal(entry.entry.restartCount, 1);
    assert.equal(entry.status(), 'RESTART');
  });

  test('a script that could not be killed and ends after all has been ended at its time limit', () => {
    const entry = killed(10);
    entry.sees(NONE);
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, NONE), [
      '(java) restart script was ended after 300 s (restart_timeout); the process has start_wait (10 s) to appear',
      'output of run 1',
    ]);
    entry.passes(10);
    const effects = entry.sees(NONE);
    assert.match(effects[0] ?? '', /^\(java\) restart failed: the script was ended after 300 s/);
    assert.equal(effects.at(-1), 'run 2');
  });

  test('a service that appears while its script cannot be killed is up when the script has ended', () => {
    const entry = killed(10);
    entry.sees(NONE);
    assert.deepEqual(entry.sees(there(11, false)), []);
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, there(11)), [
      '(java) restart script was ended after 300 s (restart_timeout), but the process is there',
      'output of run 1',
      '(java ,pid=11) Up',
    ]);
  });

  test('start_wait is counted from the script’s end, however long the script took', () => {
    const entry = upStory({ restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.passes(60);
    entry.scriptEnds(SUCCEEDED, NONE);
    entry.passes(9.9);
    assert.deepEqual(entry.sees(NONE), []);
    assert.ok(Math.abs((entry.wakesIn() ?? 0) - 0.1) < 1e-6, 'the last look is at its end');
    entry.passes(0.1);
    assert.match(entry.sees(NONE)[0] ?? '', /restart failed: .* appeared within 10 s$/);
  });

  test('the process is looked for at gaps of a tenth of the time since the script began, and never below 10 ms', () => {
    const quick = upStory();
    quick.sees(NONE);
    quick.passes(0.02);
    quick.scriptEnds(SUCCEEDED, NONE);
    assert.ok(Math.abs((quick.wakesIn() ?? 0) - 0.01) < 1e-6);
    const slow = upStory();
    slow.sees(NONE);
    slow.passes(4);
    slow.scriptEnds(SUCCEEDED, NONE);
    assert.ok(Math.abs((slow.wakesIn() ?? 0) - 0.4) < 1e-6);
    slow.passes(1);
    slow.sees(NONE);
    assert.ok(Math.abs((slow.wakesIn() ?? 0) - 0.5) < 1e-6, 'the script’s time counts on');
  });

  test('with restart_timeout 0 a script may run for ever', () => {
    const entry = upStory({ restartTimeoutSeconds: 0 });
    entry.sees(NONE);
    assert.equal(entry.wakesIn(), undefined);
  });

  test('a script that has become the service by exec ends the restart', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.deepEqual(entry.sees({ ...there(11, false), matchIsScript: true }), [
      'release 1',
      '(java) restart script became the service by exec',
      '(java ,pid=11) Up',
    ]);
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, NONE), []);
    assert.equal(entry.status(), 'AVAIL');
  });

  test('the end of an earlier script means nothing to a later one', () => {
    const entry = upStory({ restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, NONE), []);
    assert.equal(entry.status(), 'AVAIL');
  });
});

describe('retry-over', () => {
  function used(action: 'exit' | 'continue') {
    const entry = upStory({ action, restartIntervalSeconds: 0 });
    for (const pid of [11, 12, 13]) {
      entry.sees(NONE);
      entry.scriptEnds(SUCCEEDED, there(pid, false));
    }
    assert.equal(entry.entry.retryCount, 3);
    return entry;
  }

  test('with RETRY 3 the fourth death within the grace time ends pcheck with exit', () => {
    const entry = used('exit');
    assert.deepEqual(entry.sees(NONE), [
      'Process [java ,pid=13] Down',
      '(java) RETRY_OVER:EXIT',
      '(java) FATAL',
      'end 1',
    ]);
    assert.equal(entry.status(), 'UNAVAIL');
  });

  test('retry-over is at once: it waits for no restart_interval', () => {
    const entry = upStory({ retry: 1, restartIntervalSeconds: 600 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    entry.passes(1);
    assert.equal(entry.sees(NONE).at(-1), 'end 1');
  });

  test('with continue the entry is given up, and up again when the process is back', () => {
    const entry = used('continue');
    assert.deepEqual(entry.sees(NONE), ['Process [java ,pid=13] Down', '(java) RETRY_OVER:CONTINUE']);
    assert.equal(entry.status(), 'UNAVAIL');
    assert.deepEqual(entry.sees(NONE), []);
    assert.deepEqual(entry.sees(there(14, false)), ['(java ,pid=14) Up']);
    assert.equal(entry.entry.retryCount, 3);
    assert.deepEqual(entry.sees(NONE), ['Process [java ,pid=14] Down', '(java) RETRY_OVER:CONTINUE']);
  });
});

describe('grace', () => {
  function restarted(graceSeconds: number) {
    const entry = upStory({ graceSeconds });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    return entry;
  }

  test('after GRACE seconds up without a break retry_count is 0, restart_count stays', () => {
    const entry = restarted(86_400);
    assert.equal(entry.wakesIn(), 86_400);
    entry.passes(86_399);
    entry.sees(there(11));
    assert.equal(entry.entry.retryCount, 1);
    entry.passes(1);
    assert.deepEqual(entry.sees(there(11)), ['(java) retry_count 0 again: up without a break for 86400 s']);
    assert.equal(entry.entry.retryCount, 0);
    assert.equal(entry.entry.restartCount, 1);
    assert.equal(entry.wakesIn(), undefined);
  });

  test('an adoption breaks the grace time', () => {
    const entry = restarted(100);
    entry.passes(60);
    entry.sees(there(12, false));
    entry.passes(60);
    entry.sees(there(12));
    assert.equal(entry.entry.retryCount, 1);
    entry.passes(40);
    entry.sees(there(12));
    assert.equal(entry.entry.retryCount, 0);
  });

  test('a restart breaks the grace time', () => {
    const entry = restarted(100);
    entry.passes(60);
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(12, false));
    entry.passes(60);
    entry.sees(there(12));
    assert.equal(entry.entry.retryCount, 2);
    entry.passes(40);
    entry.sees(there(12));
    assert.equal(entry.entry.retryCount, 0);
  });

  test('with GRACE 0 retry_count is never cleared', () => {
    const entry = restarted(0);
    entry.passes(1e9);
    entry.sees(there(11));
    assert.equal(entry.entry.retryCount, 1);
  });

  test('a death in the very moment that the grace time ends still counts as within it', () => {
    const entry = restarted(100);
    entry.passes(100);
    entry.sees(NONE);
    assert.equal(entry.entry.retryCount, 2);
  });
});

describe('stop and start', () => {
  test('while monitoring is off a death is not acted upon', () => {
    const entry = upStory();
    assert.deepEqual(entry.stop(), ['(java) monitoring off']);
    assert.deepEqual(entry.sees(NONE), []);
    assert.equal(entry.status(), 'UNAVAIL');
  });

  test('start with the process alive changes nothing, but breaks the grace time', () => {
    const entry = upStory({ graceSeconds: 100 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    entry.stop();
    entry.passes(90);
    assert.deepEqual(entry.start(there(11)), ['(java) monitoring on']);
    assert.equal(entry.wakesIn(), 100);
  });

  test('start with another match is Up', () => {
    const entry = upStory();
    entry.stop();
    entry.sees(NONE);
    assert.deepEqual(entry.start(there(12, false)), ['(java) monitoring on', '(java ,pid=12) Up']);
  });

  test('start with nothing there is a death', () => {
    const entry = upStory();
    entry.stop();
    assert.deepEqual(entry.start(NONE), ['(java) monitoring on', DOWN, TRY, 'run 1']);
  });

  test('stop drops a pending delay', () => {
    const entry = upStory({ restartDelaySeconds: 5 });
    entry.sees(NONE);
    entry.stop();
    assert.equal(entry.wakesIn(), undefined);
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), []);
  });

  test('a script in progress is let finish, and its success is seen', () => {
    const entry = upStory();
    entry.sees(NONE);
    entry.stop();
    assert.deepEqual(entry.scriptEnds(SUCCEEDED, there(11, false)), ['(java ,pid=11) Up']);
    assert.equal(entry.entry.monitoring, 'off');
  });

  test('a script in progress is let finish, and its failure leads to nothing', () => {
    const entry = upStory({ retry: 1 });
    entry.sees(NONE);
    entry.stop();
    entry.scriptEnds(FAILED, NONE);
    entry.passes(10);
    assert.deepEqual(entry.sees(NONE), [
      '(java) restart failed: the script ended with status 3, and no process that matches appeared within 10 s',
    ]);
    assert.equal(entry.status(), 'UNAVAIL');
  });

  test('a second stop and a second start change nothing', () => {
    const entry = upStory();
    entry.stop();
    assert.deepEqual(entry.stop(), []);
    entry.start(there(10));
    assert.deepEqual(entry.start(NONE), []);
  });
});
