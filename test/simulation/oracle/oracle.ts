// Judges a world: after every log line, start of a script and step, against SPEC 3, 4 and 7. Written apart from
// src/: it knows the truth of the world and what pcheck tells, never what pcheck thinks. Where a rule does not
// hold, a comment names the exception.
import type { EntryReport } from '../../../src/entry/snapshot.ts';
import type { LogMessage } from '../../../src/log/catalogue.ts';
import type { Pfile } from '../../../src/pfile/types.ts';
import type { SimulatedSystem } from '../../../src/system/simulated/system.ts';
import type { ScriptCommand } from '../../../src/system/types.ts';
import type { Being, Population } from '../population.ts';
import { dumped, isSettled, judge } from './judge.ts';
import { beginning, begun, ended, killed } from './lives.ts';
import { logged } from './log.ts';
import { reloaded } from './reload.ts';
import { BLIND_RETRY_MILLISECONDS, broken, createScene, now } from './scene.ts';
import { givenUp, postponeStarts, scriptBegun, starting, thawed } from './starts.ts';
import { lookAtTruth } from './there.ts';

export function createOracle(system: SimulatedSystem, population: Population) {
  const scene = createScene(system, population);
  return {
    seen: scene.seen,
    logged: (message: LogMessage) => logged(scene, message),
    thawed: () => thawed(scene),
    scriptBegun: (run: Being) => scriptBegun(scene, run),
    starting: (command: ScriptCommand) => starting(scene, command),
    givenUp: (command: ScriptCommand) => givenUp(scene, command),
    lookAtTruth: () => lookAtTruth(scene),
    beginning: (pfile: Pfile) => beginning(scene, pfile),
    begun: () => begun(scene),
    reloaded: (pfile: Pfile) => reloaded(scene, pfile),
    ended: () => ended(scene),
    killed: (isWithin: boolean) => killed(scene, isWithin),
    dumped: (text: string) => dumped(scene, text),
    /** After every step, with what padmin shows. */
    judge: (reports: readonly EntryReport[]) => judge(scene, reports),
    ending(): void {
      scene.endingSince = now(scene);
    },
    retryOver(): void {
      if (scene.mustEndSince === undefined) broken('only a retry-over ends pcheck', undefined, '');
    },
    recorded(error: string | undefined): void {
      scene.isRecordStale = error !== undefined;
    },
    /** Exception: a script that could not be killed ends when it likes. */
    died(being: Being): void {
      const entry = scene.entries.find(({ scripts }) => scripts.has(being));
      if (being.isUnkillable && entry !== undefined) {
        entry.actsBy = now(scene) + 200 + entry.pent.startWaitSeconds * 1000;
      }
      lookAtTruth(scene);
    },
    /** pcheck cannot see or act until it is told otherwise. */
    hindered(): void {
      scene.excusedUntil = Infinity;
    },
    unhindered(milliseconds: number): void {
      scene.excusedUntil = now(scene) + BLIND_RETRY_MILLISECONDS;
      for (const entry of scene.entries) entry.actsBy += milliseconds + BLIND_RETRY_MILLISECONDS;
      postponeStarts(scene, milliseconds);
    },
    calmed(): string[] {
      const unsettled = scene.entries.filter((entry) => !isSettled(scene, entry));
      return unsettled.map(({ pent, status }) => `${pent.name} ${status}`);
    },
  };
}
