// What `padmin show param` is told: the PARAM values in force, and which pcheck has them.
import type { ParamReport } from '../control/messages.ts';
import type { Pfile } from '../pfile/types.ts';
import { realSystem } from '../system/real/system.ts';
import { VERSION } from '../system/version.ts';
import type { LongestTurns } from './turns.ts';

export function reportParam(
  { path, parameters }: Pfile,
  startedAt: number,
  longestTurnMilliseconds: LongestTurns,
): ParamReport {
  const { shutdownCommand, ...values } = parameters;
  const { clock, proc } = realSystem;
  return {
    ...values,
    pfile: path,
    shutdownCommand: shutdownCommand ? [shutdownCommand.path, ...shutdownCommand.arguments].join(' ') : null,
    pcheckPid: proc.ownPid,
    startedAt,
    version: VERSION,
    longestTurnMilliseconds,
    takenAt: clock.now().wall,
  };
}
