// What holds in every life of an entry, whatever happens in whatever order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FAILED, NONE, SUCCEEDED, story, there } from './story.ts';

const observation = fc.oneof(
  fc.constant(NONE),
  fc
    .record({ pid: fc.integer({ min: 2, max: 5 }), isHeld: fc.boolean() })
    .map(({ pid, isHeld }) => there(pid, isHeld)),
  fc.constant({ ...there(6, false), matchIsScript: true }),
  fc.constant({ ...NONE, heldByEarlierEntry: true }),
);

const event = fc.oneof(
  fc.record({ is: fc.constant('sees' as const), seen: observation }),
  fc.record({ is: fc.constant('ends' as const), seen: observation, succeeded: fc.boolean() }),
  fc.record({ is: fc.constant('passes' as const), seconds: fc.nat(500) }),
  fc.record({ is: fc.constant('stop' as const) }),
  fc.record({ is: fc.constant('start' as const), seen: observation }),
);

const pent = fc.record({
  retry: fc.nat(4),
  graceSeconds: fc.constantFrom(0, 50, 1000),
  action: fc.constantFrom('exit' as const, 'continue' as const),
  restartTimeoutSeconds: fc.constantFrom(0, 30),
  restartIntervalSeconds: fc.constantFrom(0, 10),
  startWaitSeconds: fc.constantFrom(0, 10),
  restartDelaySeconds: fc.constantFrom(0, 5),
});

test('retry_count never passes RETRY, scripts never overlap, nothing happens after the end', () => {
  fc.assert(
    fc.property(pent, fc.array(event, { maxLength: 80 }), (changes, events) => {
      const told = story(changes);
      let running: number | undefined;
      for (const happening of events) {
        const before = told.entry;
        switch (happening.is) {
          case 'sees':
            told.sees(happening.seen);
            break;
          case 'ends':
            running = undefined;
            told.scriptEnds(happening.succeeded ? SUCCEEDED : FAILED, happening.seen);
            break;
          case 'passes':
            told.passes(happening.seconds);
            continue;
          case 'stop':
            told.stop();
            break;
          case 'start':
            told.start(happening.seen);
            break;
          default:
            happening satisfies never;
        }
        const { entry, effects } = told;
        for (const effect of effects) {
          if (effect.startsWith('release')) running = undefined;
          if (!effect.startsWith('run ')) continue;
          assert.equal(running, undefined, 'a script was started while another of the entry ran');
          assert.equal(entry.monitoring, 'on', 'a script was started while monitoring was off');
          running = Number(effect.slice(4));
        }
        assert.ok(entry.retryCount <= entry.pent.retry);
        assert.ok(entry.restartCount >= before.restartCount && entry.restartCount <= before.restartCount + 1);
        assert.equal(entry.phase.is === 'running', running !== undefined);
        if (effects.some((effect) => effect.includes('RETRY_OVER'))) {
          assert.equal(entry.retryCount, entry.pent.retry, 'retry-over with retries left');
          assert.deepEqual(entry.phase, { is: 'absent', because: 'retry-over' });
        }
        if (effects.includes('end 1')) return;
      }
    }),
    { numRuns: 500 },
  );
});

test('a deadline that has passed is gone after the look it asked for', () => {
  fc.assert(
    fc.property(pent, fc.array(event, { maxLength: 40 }), observation, (changes, events, seen) => {
      const told = story(changes);
      for (const happening of events) {
        if (happening.is === 'sees') told.sees(happening.seen);
        if (happening.is === 'ends') told.scriptEnds(SUCCEEDED, happening.seen);
        if (happening.is === 'stop') told.stop();
        if (happening.is === 'start') told.start(happening.seen);
        if (happening.is === 'passes') told.passes(happening.seconds);
        if (told.effects.includes('end 1')) return;
      }
      told.passes(Math.max(told.wakesIn() ?? 0, 0));
      // Every look at a deadline moves on; a handful of them cannot all be due at one moment.
      for (let looks = 0; looks < 5 && (told.wakesIn() ?? 1) <= 0; looks++) told.sees(seen);
      assert.ok((told.wakesIn() ?? 1) > 0, `still due in phase ${told.entry.phase.is}`);
    }),
    { numRuns: 500 },
  );
});
