// Signals to the process groups of what pcheck has started, without the processes that are to be spared and what
// descends from them (SPEC 4.3); and when a group is gone. Who gets which signal when is decided elsewhere.
import { descendsFrom, isInGroup } from '../../process/group.ts';
import type { ProcessReader } from '../../process/reader.ts';
import type { System, Timer } from '../../system/types.ts';

export type Groups = {
  terminate(group: number, spared: readonly number[]): void;
  /** Also those that fork faster than they can be found. `onLeft`: so many still run after it; not told when none do. */
  kill(group: number, spared: readonly number[], onLeft: (count: number) => void): void;
  /** Calls back when nobody of the group runs but the spared. */
  whenGone(group: number, spared: readonly number[], done: () => void): Timer;
};

/** So many processes are looked at in one turn of the loop. */
const SLICE = 1000;
const POLL_MILLISECONDS = 100;
const AGAIN_MILLISECONDS = 20;
const PASSES_MAXIMUM = 5;
const FREEZES_MAXIMUM = 3;
const LEFT_AFTER_MILLISECONDS = 2000;

type Visit = (pid: number, isSpared: boolean) => void;

export function createGroups({ clock, proc, scripts }: System, reader: ProcessReader): Groups {
  /** Visits all members that run. Not whole: /proc could not be looked at on the way, which the look at the processes tells (sight.ts). */
  function sweep(
    group: number,
    spared: readonly number[],
    visit: Visit,
    done: (isWhole: boolean) => void,
  ): void {
    let pids = new Int32Array();
    function visitFrom(at: number): void {
      try {
        if (at === 0) pids = Int32Array.from(proc.pids());
        for (const pid of pids.subarray(at, at + SLICE)) {
          if (isInGroup(reader, pid, group)) visit(pid, descendsFrom(reader, pid, spared));
        }
      } catch {
        // EMFILE, ENFILE, ENOMEM, or no /proc.
        done(false);
        return;
      }
      if (at + SLICE >= pids.length) done(true);
      else clock.after(0, () => visitFrom(at + SLICE));
    }
    visitFrom(0);
  }

  function terminate(group: number, spared: readonly number[]): void {
    function visit(pid: number, isSpared: boolean): void {
      if (!isSpared) scripts.kill(pid, 'SIGTERM');
    }
    sweep(group, spared, visit, (isWhole) => {
      if (!isWhole) clock.after(POLL_MILLISECONDS, () => terminate(group, spared));
    });
  }

  /** One by one, until no new ones come. */
  function killOthers(group: number, spared: readonly number[], done: () => void): void {
    const killed = new Set<number>();
    const met = new Set<number>();
    function pass(number: number): void {
      const before = killed.size;
      function visit(pid: number, isSpared: boolean): void {
        (isSpared ? met : killed).add(pid);
        if (!isSpared) scripts.kill(pid, 'SIGKILL');
      }
      sweep(group, spared, visit, (isWhole) => {
        if (!isWhole) clock.after(POLL_MILLISECONDS, () => pass(number));
        else if (killed.size === before) done();
        else if (number < PASSES_MAXIMUM) clock.after(AGAIN_MILLISECONDS, () => pass(number + 1));
        else freeze(1);
      });
    }

    /**
     * A signal to the whole group reaches those too that are being forked just now, so nobody forks any more. The spared
     * that were met go on at once, others of them when they are found.
     */
    function freeze(number: number): void {
      const before = killed.size;
      function visit(pid: number, isSpared: boolean): void {
        if (!isSpared) killed.add(pid);
        scripts.kill(pid, isSpared ? 'SIGCONT' : 'SIGKILL');
      }
      scripts.kill(-group, 'SIGSTOP');
      for (const pid of met) scripts.kill(pid, 'SIGCONT');
      sweep(group, spared, visit, (isWhole) => {
        if (!isWhole) scripts.kill(-group, 'SIGCONT');
        if (!isWhole) clock.after(POLL_MILLISECONDS, () => freeze(number));
        else if (killed.size === before || number === FREEZES_MAXIMUM) done();
        else clock.after(AGAIN_MILLISECONDS, () => freeze(number + 1));
      });
    }
    pass(1);
  }

  function tellLeft(group: number, spared: readonly number[], onLeft: (count: number) => void): void {
    if (!proc.isThere(-group)) return;
    let count = 0;
    function visit(_: number, isSpared: boolean): void {
      if (!isSpared) count += 1;
    }
    sweep(group, spared, visit, (isWhole) => {
      if (!isWhole) clock.after(POLL_MILLISECONDS, () => tellLeft(group, spared, onLeft));
      else if (count > 0) onLeft(count);
    });
  }

  return {
    terminate(group, spared) {
      if (spared.length === 0) scripts.kill(-group, 'SIGTERM');
      else terminate(group, spared);
    },
    kill(group, spared, onLeft) {
      const tell = () => void clock.after(LEFT_AFTER_MILLISECONDS, () => tellLeft(group, spared, onLeft));
      if (spared.length > 0) {
        killOthers(group, spared, tell);
        return;
      }
      // The kernel forgets none of it, however fast it forks.
      scripts.kill(-group, 'SIGKILL');
      tell();
    },
    whenGone(group, spared, done) {
      let timer: Timer = { cancel: () => undefined };
      let known: number[] = [];

      /** Of those that were there at the last sweep; whoever came since is found by the next one. */
      function areThere(): boolean {
        try {
          return known.some((pid) => isInGroup(reader, pid, group));
        } catch {
          // EMFILE and the like: asked for again.
          return true;
        }
      }

      function ask(): void {
        if (!proc.isThere(-group)) {
          done();
          return;
        }
        if (areThere()) {
          timer = clock.after(POLL_MILLISECONDS, ask);
          return;
        }
        known = [];
        function visit(pid: number, isSpared: boolean): void {
          if (!isSpared) known.push(pid);
        }
        sweep(group, spared, visit, (isWhole) => {
          if (isWhole && known.length === 0) done();
          else timer = clock.after(POLL_MILLISECONDS, ask);
        });
      }
      ask();
      return { cancel: () => timer.cancel() };
    },
  };
}
