// The outlet at a path of which is not known yet what lies there: lines wait until a look has told. Which outlet fits what
// was found is the caller's choice.
import type { Clock } from '../../types.ts';
import type { FoundAtPath, LookAtPath } from '../libc/look-at-path.ts';
import type { Outlet } from './outlet.ts';

/** An outlet, or the error's code where there can be none. */
export type ChooseOutlet = (found: FoundAtPath) => Outlet | string;

export type OutletNews = {
  /** Lines can go. */
  opened(): void;
  /** Lines cannot go, or were left unwritten; it is tried again. */
  failed(reason: string): void;
};

const LOOK_AGAIN_MILLISECONDS = 3000;

export function createLookedOutlet(
  clock: Clock,
  look: LookAtPath,
  path: string,
  choose: ChooseOutlet,
  news: OutletNews,
): Outlet {
  let outlet: Outlet | undefined;
  let onFinish: (() => void) | undefined;

  function lookOnce(): void {
    look(path, (found) => {
      const chosen = choose(found);
      if (typeof chosen === 'string') {
        news.failed(chosen);
        clock.after(LOOK_AGAIN_MILLISECONDS, lookOnce);
        return;
      }
      outlet = chosen;
      if (onFinish !== undefined) outlet.finish(onFinish);
      news.opened();
    });
  }

  lookOnce();
  return {
    tryWrite: (line) => outlet?.tryWrite(line) ?? 'later',
    get settlesLater() {
      return outlet?.settlesLater ?? true;
    },
    isBehind: () => outlet?.isBehind() ?? false,
    settledBytes: () => outlet?.settledBytes() ?? 0,
    finish(done) {
      onFinish = done;
      outlet?.finish(done);
    },
  };
}
