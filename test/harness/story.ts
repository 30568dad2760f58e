// A test that is one story in parts, each a test of its own, in which every part builds on those before it.
import type { TestContext } from 'node:test';

export type Step = (title: string, body: () => Promise<void>) => Promise<void>;

/** When a part fails the rest makes no sense: the story ends there, after `tails` has told how things stand. */
export function tellStory(t: TestContext, tails: () => string): Step {
  return async (title, body) => {
    let passed = false;
    await t.test(title, async () => {
      await body();
      passed = true;
    });
    if (passed) return;
    console.error(tails());
    throw new Error(`the story ends at: ${title}`);
  };
}
