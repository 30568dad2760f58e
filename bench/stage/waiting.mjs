// Waiting for a condition, with a deadline that says what did not come.
import { setTimeout as delay } from 'node:timers/promises';

export { delay };

const POLL_MILLISECONDS = 2;

export async function until(what, condition, patienceSeconds = 60) {
  const end = performance.now() + patienceSeconds * 1000;
  for (;;) {
    const result = condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > end) throw new Error(`waited ${patienceSeconds} s in vain until ${what}`);
    await delay(POLL_MILLISECONDS);
  }
}
