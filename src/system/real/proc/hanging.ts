// Processes whose memory map is locked, so that a read of their command line hangs: who asks for one again waits until
// that read is over, in no thread of its own. A process with a locked map cannot go, so its pid stays its own.

export type Hanging = {
  has(pid: number): boolean;
  begin(pid: number): void;
  /** Called when the read that hangs is over. */
  wait(pid: number, callback: () => void): void;
  end(pid: number): void;
};

export function createHanging(): Hanging {
  const waiting = new Map<number, (() => void)[]>();
  return {
    has: (pid) => waiting.has(pid),
    begin: (pid) => void waiting.set(pid, waiting.get(pid) ?? []),
    wait: (pid, callback) => void waiting.get(pid)?.push(callback),
    end(pid) {
      const callbacks = waiting.get(pid) ?? [];
      waiting.delete(pid);
      for (const callback of callbacks) callback();
    },
  };
}
