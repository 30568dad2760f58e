// How far the look for some entries has to go: at a death only to what has just been started, while a process is
// about to appear to all that was started since its script.
import { soughtSince } from '../entry/pace.ts';
import type { Extent } from '../process/extent.ts';
import type { Scope } from './sight.ts';
import type { Slot } from './slot.ts';

/** Whoever has just been started may be about to exec. */
const JUST_STARTED_SECONDS = 1;
/** At a full check whoever is younger is read whole. */
const FULL_CHECK_YOUNG_SECONDS = 10;
/** Older ones have had their turn in full checks since. */
const YOUNG_SECONDS_MAXIMUM = 60;
/** Start times are told in hundredths of a second. */
const SLACK_SECONDS = 0.1;

export function scopeOf(chosen: readonly Slot[], extent: Extent, isFullCheck: boolean, now: number): Scope {
  let youngSeconds = isFullCheck ? FULL_CHECK_YOUNG_SECONDS : JUST_STARTED_SECONDS;
  chosen.forEach(({ entry }) => {
    const since = soughtSince(entry);
    if (since === undefined) return;
    const sinceSeconds = (now - since) / 1000 + SLACK_SECONDS;
    youngSeconds = Math.max(youngSeconds, Math.min(sinceSeconds, YOUNG_SECONDS_MAXIMUM));
  });
  return { extent, youngSeconds, isFullCheck };
}
