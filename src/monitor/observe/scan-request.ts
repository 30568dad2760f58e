// How far the scan for some entries has to go: at a death only to what has just been started, while a process is about to
// appear to all that was started since its script.
import { soughtSince } from '../../entry/pace.ts';
import type { Depth } from '../../process/table/read-policy.ts';
import type { Slot } from '../slot.ts';

export type ScanRequest = {
  readonly depth: Depth;
  /** Who is younger may have become another program since it was read. */
  readonly youngSeconds: number;
};

/** The least first. */
export const DEPTHS: readonly Depth[] = ['new', 'full', 'everything'];

export function deeper(one: Depth, other: Depth): Depth {
  return DEPTHS.indexOf(one) >= DEPTHS.indexOf(other) ? one : other;
}

/** Whoever has just been started may be about to exec. */
const JUST_STARTED_SECONDS = 1;
/** At a full check whoever is younger is read whole. */
const FULL_CHECK_YOUNG_SECONDS = 10;
/** Older ones have had their turn in full checks since. */
const MAX_YOUNG_SECONDS = 60;
/** Start times are told in hundredths of a second. */
const SLACK_SECONDS = 0.1;

export function scanRequestFor(slots: readonly Slot[], depth: Depth, now: number): ScanRequest {
  let youngSeconds = depth === 'full' ? FULL_CHECK_YOUNG_SECONDS : JUST_STARTED_SECONDS;
  slots.forEach(({ entry }) => {
    const since = soughtSince(entry);
    if (since === undefined) return;
    const sinceSeconds = (now - since) / 1000 + SLACK_SECONDS;
    youngSeconds = Math.max(youngSeconds, Math.min(sinceSeconds, MAX_YOUNG_SECONDS));
  });
  return { depth, youngSeconds };
}
