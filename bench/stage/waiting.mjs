// Waiting for a condition, with a deadline that says what did not come.
import { setTimeout as delay } from 'node:timers/promises';

export { delay };

export const PATIENCE_SECONDS = 60;
const POLL_MILLISECONDS = 2;

/** What was waited for did not come. */
export class InVain extends Error {}

export async function until(what, condition, patienceSeconds = PATIENCE_SECONDS) {
  const result = await soon(condition, patienceSeconds);
  if (result === undefined) throw new InVain(`waited ${patienceSeconds} s in vain until ${what}`);
  return result;
}

/** What the condition gives, or undefined when it gives nothing in time. */
export async function soon(condition, patienceSeconds) {
  const end = performance.now() + patienceSeconds * 1000;
  for (;;) {
    const result = condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > end) return undefined;
    await delay(POLL_MILLISECONDS);
  }
}

/** What a promise resolves to, or undefined when that takes longer. */
export async function within(promise, seconds) {
  const late = new AbortController();
  try {
    return await Promise.race([promise, delay(seconds * 1000, undefined, { signal: late.signal })]);
  } finally {
    late.abort();
  }
}

/** An error within a line, and within a cell of a table. */
export function oneLine(error) {
  return String(error)
    .replace(/^Error: /, '')
    .replace(/\s*\n\s*/g, ' / ');
}
