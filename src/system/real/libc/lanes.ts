// Tasks that may hang, a few at once: one that hangs makes way for the next.
import { createRoom } from './room.ts';

export type Task = {
  /** Calls `done` once. */
  begin(done: () => void): void;
  /** Asked a moment after it has begun, and again: whether it waits, rather than works. */
  hangs(): boolean;
  /** It does: it is waited for no more. */
  onHang?(): void;
};

export type Lanes = {
  run(task: Task): void;
};

const HANGS_MILLISECONDS = 100;

export function createLanes(atOnce: number): Lanes {
  const room = createRoom(atOnce);
  const queue: Task[] = [];
  let inProgress = 0;

  function begin(task: Task): void {
    let counts = true;
    inProgress += 1;
    const timer = setInterval(() => {
      if (!task.hangs()) return;
      task.onHang?.();
      room.foundHanging();
      leave();
    }, HANGS_MILLISECONDS);
    function leave(): void {
      if (!counts) return;
      counts = false;
      inProgress -= 1;
      clearInterval(timer);
      beginNext();
    }
    task.begin(leave);
  }

  function beginNext(): void {
    while (inProgress < room.size()) {
      const task = queue.shift();
      if (task === undefined) return;
      begin(task);
    }
  }

  return {
    run(task) {
      queue.push(task);
      beginNext();
    },
  };
}
