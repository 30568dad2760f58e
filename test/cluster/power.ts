// The power switch that the nodes' fence agent asks (node/fence_test): by a file in a folder that all can see.
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Machine } from '../machines/machine.ts';

export type PowerSwitch = {
  /** From now on it is this one that goes off when its name is asked for. */
  connect(machine: Machine): void;
  /** The nodes that were switched off, in their order. */
  readonly switchedOff: readonly string[];
};

const POLL_MILLISECONDS = 20;

export function openPowerSwitch(t: Pick<TestContext, 'after'>, folder: string): PowerSwitch {
  mkdirSync(folder);
  const machines = new Map<string, Machine>();
  const switchedOff: string[] = [];
  let isOpen = true;

  async function serve(): Promise<void> {
    while (isOpen) {
      for (const request of readdirSync(folder).filter((name) => name.endsWith('.off'))) {
        const name = request.replace(/-\d+\.off$/, '');
        await machines.get(name)?.crash();
        switchedOff.push(name);
        renameSync(join(folder, request), join(folder, request.replace(/off$/, 'done')));
      }
      await delay(POLL_MILLISECONDS);
    }
  }

  const serving = serve();
  t.after(async () => {
    isOpen = false;
    await serving;
  });
  return {
    connect: (machine) => void machines.set(machine.name, machine),
    switchedOff,
  };
}
