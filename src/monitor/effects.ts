// Carries out what an entry asks for: log lines, scripts, checks, signals, the end. Why it asks is src/entry's
// matter.
import type { CheckResult, Effect, LastCommand, ScriptResult } from '../entry/types.ts';
import type { Log } from '../log/log.ts';
import type { ProcessId } from '../process/types.ts';
import type { LimitedCommands } from './commands.ts';
import type { RestartScripts } from './scripts.ts';
import type { Slot } from './slot.ts';

export type Outlets = {
  readonly log: Log;
  readonly scripts: RestartScripts;
  readonly commands: LimitedCommands;
  onScriptBegun(slot: Slot, run: number, process: ProcessId): void;
  onScriptEnd(slot: Slot, run: number, result: ScriptResult): void;
  onCheckEnd(slot: Slot, check: number, result: CheckResult): void;
  /** The entry has ended pcheck; these commands come before. */
  onEnd(slot: Slot, after: readonly LastCommand[]): void;
};

export function carryOut(effect: Effect, slot: Slot, outlets: Outlets): void {
  const { log, scripts, commands } = outlets;
  const { key, entry } = slot;
  switch (effect.type) {
    case 'log':
      log.write({ ...effect.message, pentId: entry.pent.id });
      break;
    case 'run-script':
      scripts.run(key, entry, slot.token ?? '', {
        begun: (process) => outlets.onScriptBegun(slot, effect.run, process),
        ended: (result) => outlets.onScriptEnd(slot, effect.run, result),
      });
      break;
    case 'signal-script':
      // A service that the script has started already is no part of what hangs.
      scripts.signal(
        key,
        effect.signal,
        slot.matches.map(({ pid }) => pid),
      );
      break;
    case 'log-output':
      if (effect.of === 'check') commands.reportCheck(key, entry);
      else scripts.report(key, entry, effect.run);
      break;
    case 'release-script':
      scripts.release(key);
      break;
    case 'run-check':
      commands.check(key, entry, (result) => outlets.onCheckEnd(slot, effect.check, result));
      break;
    case 'cancel-check':
      commands.cancelCheck(key);
      break;
    case 'run-command':
      commands.last(entry, effect.command, () => undefined);
      break;
    case 'end':
      outlets.onEnd(slot, effect.after);
      break;
    default:
      effect satisfies never;
  }
}
