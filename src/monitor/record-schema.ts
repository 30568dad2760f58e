// The shape of a record, checked when it is taken up: it may be of another version, or anybody's. What is in it
// and how it is written is record.ts.
import * as z from 'zod/mini';
import type { Phase } from '../entry/types.ts';

const moment = z.number();
const count = z.int().check(z.gte(0));
const positive = z.int().check(z.positive());
const processId = z.object({ pid: positive, startTicks: count });

const lineage = z.object({
  pid: positive,
  session: z.int(),
  startStack: z.number(),
  startTicks: count,
});

const limit = z.discriminatedUnion('is', [
  z.object({ is: z.literal('none') }),
  z.object({ is: z.literal('in-time'), until: moment }),
  z.object({ is: z.literal('put-off'), until: moment }),
  z.object({ is: z.literal('terminated'), until: moment }),
  z.object({ is: z.literal('killed'), until: moment }),
  z.object({ is: z.literal('unkillable') }),
]);

const check = z.discriminatedUnion('is', [
  z.object({ is: z.literal('none') }),
  z.object({ is: z.literal('waiting'), at: moment, fails: count }),
  z.object({ is: z.literal('running'), check: count, fails: count }),
]);

const scriptResult = z.object({
  outcome: z.enum(['succeeded', 'failed', 'timed-out', 'unspawnable', 'unknown']),
  text: z.string(),
});

/** JSON has no undefined: a field that may be undefined is left out there. */
function maybe<Type extends z.ZodMiniType>(type: Type) {
  return z.pipe(
    z.optional(type),
    z.transform((value) => value ?? undefined),
  );
}

const phase: z.ZodMiniType<Phase> = z.discriminatedUnion('is', [
  z.object({ is: z.literal('looking'), since: moment, until: moment, nextLookAt: moment }),
  z.object({
    is: z.literal('watching'),
    process: processId,
    since: moment,
    fewSince: maybe(moment),
    check,
  }),
  z.object({ is: z.literal('delaying'), until: moment }),
  z.object({ is: z.literal('holding'), until: moment }),
  z.object({ is: z.literal('running'), run: count, since: moment, process: maybe(processId), limit }),
  z.object({
    is: z.literal('appearing'),
    scriptSince: moment,
    until: moment,
    nextLookAt: moment,
    ended: scriptResult,
  }),
  z.object({ is: z.literal('absent'), because: z.enum(['retry-over', 'monitoring-off', 'shared']) }),
]);

export const recordSchema = z.object({
  bootId: z.string(),
  pfile: z.string(),
  pcheckPid: z.int(),
  writtenAt: moment,
  checkedAt: moment,
  entries: z.array(
    z.object({
      key: z.string(),
      state: z.object({
        phase,
        monitoring: z.enum(['on', 'off']),
        retryCount: count,
        restartCount: count,
        rerunAt: maybe(moment),
        lastRunAt: maybe(moment),
        lastPid: count,
        reason: z.enum(['not-found', 'down', 'too-few', 'stall']),
        stalled: maybe(processId),
        overChecks: count,
        recountMilliseconds: count,
        checks: count,
      }),
      token: maybe(z.string()),
      script: maybe(processId),
      lineages: z.object({ held: maybe(lineage), left: z.array(lineage) }),
      isEnding: z.boolean(),
      sharedWith: maybe(z.string()),
    }),
  ),
});
