// How many calls that may hang are in progress at once: a few, and more for a moment where some are found to hang, so
// that a hundred of them hold up the next one for tenths of a second. Those that hang do not count.

export type Room = {
  /** How many that are not known to hang may be in progress. */
  size(): number;
  foundHanging(): void;
};

/** So many more for each that was found to hang just now: their number grows threefold with each wait. */
const MORE_FOR_EACH = 2;
const JUST_NOW_MILLISECONDS = 1000;

export function createRoom(atOnce: number, now: () => number = () => performance.now()): Room {
  let [found, foundAt] = [0, 0];
  return {
    size() {
      if (found > 0 && now() - foundAt > JUST_NOW_MILLISECONDS) found = 0;
      return atOnce + found * MORE_FOR_EACH;
    },
    foundHanging() {
      found += 1;
      foundAt = now();
    },
  };
}
