// What the options of an entry add to its life: counts, pidfile, stall checks, last commands, reset
// (SPEC 4.4, 4.7 to 4.10).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recountMilliseconds } from '../../../src/entry/pace.ts';
import { NONE, SUCCEEDED, there, upStory } from './story.ts';

const DOWN = 'Process [java ,pid=10] Down';
const TRY = 'Try to restart (java)';

function several(pid: number, count: number, heldIsThere = true) {
  return { ...there(pid, heldIsThere), count };
}

describe('counts', () => {
  const few = { ...NONE, heldIsThere: true, count: 1 };

  test('fewer than min_proc_count are borne for a second, then it is Down', () => {
    const entry = upStory({ minProcCount: 3 });
    assert.deepEqual(entry.sees(few), []);
    assert.equal(entry.wakesIn(), 1);
    entry.passes(0.9);
    assert.deepEqual(entry.sees(few), []);
    entry.passes(0.1);
    assert.deepEqual(entry.sees(few), ['(java) only 1 of min_proc_count=3 processes', DOWN, TRY, 'run 1']);
    assert.equal(entry.entry.reason, 'too-few');
  });

  test('with a MONITOR_INTERVAL of less than a second they are borne for no longer than that', () => {
    assert.deepEqual([0.3, 1, 10].map(recountMilliseconds), [300, 1000, 1000]);
  });

  test('workers that are recycled in time change nothing', () => {
    const entry = upStory({ minProcCount: 3 });
    entry.sees(few);
    entry.passes(0.5);
    assert.deepEqual(entry.sees(several(10, 3)), []);
    assert.equal(entry.wakesIn(), undefined);
    entry.passes(10);
    assert.deepEqual(entry.sees(few), []);
  });

  test('none at all is Down at once', () => {
    const entry = upStory({ minProcCount: 3 });
    assert.deepEqual(entry.sees(NONE), [DOWN, TRY, 'run 1']);
  });

  test('the held one of many may die when enough others are left', () => {
    const entry = upStory({ minProcCount: 3 });
    assert.deepEqual(entry.sees(several(11, 3, false)), ['(java ,pid=11) Up']);
  });

  test('more than max_proc_count is warned of once, by the second full check in a row', () => {
    const entry = upStory({ maxProcCount: 2 });
    const over = { ...several(10, 3), isFullCheck: true };
    const fine = { ...several(10, 2), isFullCheck: true };
    assert.deepEqual(entry.sees(over), []);
    assert.deepEqual(entry.sees({ ...over, isFullCheck: false }), []);
    assert.deepEqual(entry.sees(over), ['(java) 3 processes, more than max_proc_count=2']);
    assert.deepEqual(entry.sees(over), []);
    entry.sees(fine);
    entry.sees(over);
    assert.deepEqual(entry.sees(over), ['(java) 3 processes, more than max_proc_count=2']);
  });
});

describe('pidfile', () => {
  test('one that names another live match moves the watch', () => {
    const entry = upStory({ pidfile: '/run/java.pid' });
    assert.deepEqual(entry.sees(there(11)), ['(java ,pid=11) Up']);
    assert.equal(entry.entry.retryCount, 0);
  });

  test('one that is missing, empty or stale changes nothing while the held process lives', () => {
    const entry = upStory({ pidfile: '/run/java.pid' });
    assert.deepEqual(entry.sees({ ...NONE, heldIsThere: true, count: 1 }), []);
  });

  test('without a pidfile the watch stays with the held process', () => {
    assert.deepEqual(upStory().sees(several(9, 2)), []);
  });

  test('when the held process is gone and the pidfile names none, others that match do not count', () => {
    const entry = upStory({ pidfile: '/run/java.pid' });
    assert.deepEqual(entry.sees({ ...NONE, count: 2 }), [DOWN, TRY, 'run 1']);
  });
});

describe('orphaned workers', () => {
  test('they are told of, and do not keep the entry up', () => {
    const entry = upStory();
    assert.deepEqual(entry.sees({ ...NONE, orphans: 4 }), [
      '(java) 4 workers of the dead process are left; they do not pass for the service',
      DOWN,
      TRY,
      'run 1',
    ]);
  });
});

describe('stall', () => {
  const check = {
    command: { path: '/check', arguments: [] },
    intervalSeconds: 60,
    timeoutSeconds: 30,
    fails: 3,
  };

  /** An entry up to its next check, which is begun. */
  function checking() {
    const entry = upStory({ check });
    entry.passes(60);
    assert.deepEqual(entry.sees(there(10)), ['check 1']);
    return entry;
  }

  test('a check begins every check_interval, one at a time', () => {
    const entry = upStory({ check });
    assert.equal(entry.wakesIn(), 60);
    entry.passes(60);
    assert.deepEqual(entry.sees(there(10)), ['check 1']);
    assert.equal(entry.wakesIn(), undefined);
    entry.passes(20);
    assert.deepEqual(entry.checkEnds('passed'), []);
    assert.equal(entry.wakesIn(), 60);
  });

  test('check_fails failures in a row are Down, without a second look', () => {
    const entry = checking();
    assert.deepEqual(entry.checkEnds('failed'), [
      '(java) check 1 of 3 failed: check_cmd has failed',
      'output of the check',
    ]);
    for (const fails of [2, 3]) {
      entry.passes(60);
      entry.sees(there(10));
      entry.checkEnds('failed');
      assert.equal(entry.effects[0], `(java) check ${fails} of 3 failed: check_cmd has failed`);
    }
    assert.deepEqual(entry.effects.slice(1), ['output of the check', DOWN, TRY, 'run 1']);
    assert.equal(entry.entry.reason, 'stall');
    assert.deepEqual(entry.entry.stalled, { pid: 10, startTicks: 10 });
  });

  test('a process that hangs on after its restart is named as what does not count', () => {
    const entry = checking();
    for (let fails = 1; fails <= 3; fails++) {
      if (fails > 1) entry.passes(60);
      if (fails > 1) entry.sees(there(10));
      entry.checkEnds('failed');
    }
    entry.scriptEnds(SUCCEEDED, NONE);
    entry.passes(10);
    assert.equal(
      entry.sees(NONE)[0],
      '(java) restart failed: the script ended with status 0, and no process that matches appeared within 10 s (pid 10, which hangs, does not count)',
    );
  });

  test('a check that passes in between begins the count anew', () => {
    const entry = checking();
    for (const outcome of ['failed', 'failed', 'passed', 'failed', 'failed'] as const) {
      entry.checkEnds(outcome);
      entry.passes(60);
      entry.sees(there(10));
    }
    assert.equal(entry.status(), 'AVAIL');
  });

  test('failures count for the process they were seen at: after an Up the count is 0', () => {
    const entry = checking();
    entry.checkEnds('failed');
    entry.passes(60);
    entry.sees(there(10));
    entry.checkEnds('failed');
    entry.sees(there(11, false));
    for (const fails of [1, 2]) {
      entry.passes(60);
      entry.sees(there(11));
      entry.checkEnds('failed');
      assert.equal(entry.effects[0], `(java) check ${fails} of 3 failed: check_cmd has failed`);
    }
    assert.equal(entry.status(), 'AVAIL');
  });

  test('a check that cannot be started says nothing of the process', () => {
    const entry = checking();
    for (let times = 0; times < 10; times++) {
      assert.deepEqual(entry.checkEnds('not-run'), ['(java) check not run: check_cmd has not-run']);
      entry.passes(60);
      entry.sees(there(10));
    }
    assert.equal(entry.status(), 'AVAIL');
  });

  test('the death of the process cancels its check, and the late result counts for nobody', () => {
    const entry = checking();
    assert.deepEqual(entry.sees(there(11, false)), ['cancel check', '(java ,pid=11) Up']);
    assert.deepEqual(entry.checkEnds('failed', 1), []);
    assert.equal(entry.wakesIn(), 60);
  });

  test('with monitoring off there are no checks, and start begins them anew', () => {
    const entry = checking();
    assert.deepEqual(entry.stop(), ['cancel check', '(java) monitoring off']);
    assert.equal(entry.wakesIn(), undefined);
    entry.start(there(10));
    assert.equal(entry.wakesIn(), 60);
  });
});

describe('retry-over', () => {
  const retryOverCommand = { path: '/bye', arguments: [] };

  test('retry_over_cmd comes before the end', () => {
    const entry = upStory({ retry: 0, retryOverCommand });
    assert.deepEqual(entry.sees(NONE), [
      DOWN,
      '(java) RETRY_OVER:EXIT',
      '(java) FATAL',
      'retry-over, then end 1',
    ]);
  });

  test('shutdown runs retry_over_cmd, then SHUTDOWN_COMMAND, then ends with 1', () => {
    const entry = upStory({ retry: 0, action: 'shutdown', retryOverCommand });
    assert.deepEqual(entry.sees(NONE), [
      DOWN,
      '(java) RETRY_OVER:SHUTDOWN',
      'retry-over, then shutdown, then end 1',
    ]);
  });

  test('with continue retry_over_cmd runs beside everything else', () => {
    const entry = upStory({ retry: 0, action: 'continue', retryOverCommand });
    assert.deepEqual(entry.sees(NONE), [DOWN, '(java) RETRY_OVER:CONTINUE', 'retry-over']);
  });
});

describe('reset', () => {
  const CLEARED = '(java) retry_count 0 again: reset by padmin';

  test('retry_count is 0 in every state', () => {
    const entry = upStory();
    entry.sees(NONE);
    assert.deepEqual(entry.reset(NONE), [CLEARED]);
    assert.equal(entry.entry.retryCount, 0);
    assert.equal(entry.entry.restartCount, 1);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    assert.equal(entry.status(), 'AVAIL');
  });

  test('an entry that was given up is restarted', () => {
    const entry = upStory({ retry: 1, action: 'continue', restartIntervalSeconds: 0 });
    entry.sees(NONE);
    entry.scriptEnds(SUCCEEDED, there(11, false));
    entry.sees(NONE);
    assert.equal(entry.status(), 'UNAVAIL');
    assert.deepEqual(entry.reset(NONE), [CLEARED, TRY, 'run 2']);
  });

  test('an entry that was given up and whose process is back is up', () => {
    const entry = upStory({ retry: 0, action: 'continue' });
    entry.sees(NONE);
    assert.deepEqual(entry.reset(there(12, false)), [CLEARED, '(java ,pid=12) Up']);
  });

  test('with monitoring off reset only clears the count', () => {
    const entry = upStory({ retry: 0, action: 'continue' });
    entry.sees(NONE);
    entry.stop();
    assert.deepEqual(entry.reset(NONE), [CLEARED]);
  });
});
