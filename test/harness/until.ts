// Waiting in scenarios: for a condition, never for a time.
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 20;
/** A busy machine takes many times as long as a quiet one. */
const PATIENCE_SECONDS = 60;

/** Fails, saying what did not come, when the condition does not hold in time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<void> {
  const end = Date.now() + patienceSeconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${patienceSeconds} s in vain until ${what}`);
    await delay(POLL_MILLISECONDS);
  }
}
