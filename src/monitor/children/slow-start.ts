// Tells when a start hangs, and when that is over. What is done about it: the time limits of scripts and commands.
import { message } from '../../log/catalogue.ts';
import type { Log } from '../../log/log.ts';
import type { Clock } from '../../system/types.ts';
import { afterListening } from '../loop/listen-first.ts';
import type { Command } from './types.ts';

const SLOW_SECONDS = 5;

export function tellSlowStart(clock: Clock, log: Log, { name, what, script }: Command): { over(): void } {
  const since = clock.now().monotonic;
  const file = script.path;
  let isTold = false;
  const timer = afterListening(clock, SLOW_SECONDS * 1000, () => {
    isTold = true;
    log.write(message('startHangs', { name, what, file, seconds: SLOW_SECONDS }));
  });
  return {
    over() {
      timer.cancel();
      if (!isTold) return;
      isTold = false;
      const seconds = Math.round((clock.now().monotonic - since) / 1000);
      log.write(message('startOver', { name, what, file, seconds }));
    },
  };
}
