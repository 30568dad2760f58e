// What ends pcheck first decides its exit status; whatever comes later changes nothing (SPEC 4.4, 5).
import { message } from '../log/catalogue.ts';
import type { PutOffLog } from '../log/log.ts';
import { onDefect, onSignal } from '../system/real/signals.ts';
import { EXIT } from './exit.ts';

export type Ending = {
  decide(status: number): void;
  /** padmin's shutdown. */
  shutdown(): void;
  readonly isDecided: () => boolean;
  readonly decided: Promise<number>;
};

/** Signals and defects decide from here on. `exitNow` ends pcheck at once. */
export function createEnding(log: PutOffLog, exitNow: (status: number) => never): Ending {
  let status: number | undefined;
  let resolve: (status: number) => void = () => undefined;
  const decided = new Promise<number>((resolveDecided) => {
    resolve = resolveDecided;
  });
  function decide(chosen: number): void {
    status ??= chosen;
    resolve(status);
  }
  function stop(id: 'sigterm' | 'sigint' | 'sigquit' | 'shutdownRequested'): void {
    if (status !== undefined) return;
    log.write(message(id, {}));
    log.write(message('stopped', {}));
    decide(EXIT.done);
  }
  onSignal('SIGTERM', () => stop('sigterm'));
  onSignal('SIGINT', () => stop('sigint'));
  onSignal('SIGQUIT', () => stop('sigquit'));
  onDefect((error) => {
    log.write(message('defect', { error }));
    // While it closes, nothing may turn what was decided into something else, or wait for what failed.
    if (status !== undefined) {
      log.flush();
      exitNow(status);
    }
    decide(EXIT.defect);
  });
  return {
    decide,
    shutdown: () => stop('shutdownRequested'),
    isDecided: () => status !== undefined,
    decided,
  };
}
