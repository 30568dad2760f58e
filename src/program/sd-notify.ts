// What a service manager is told (sd_notify(3)): that pcheck is ready, how its entries are, that its loop lives,
// that it ends. Best effort: nothing waits, and a manager that does not listen is no error.
import { isSettled, summarize } from '../entry/summary.ts';
import type { Entry } from '../entry/types.ts';
import type { Pulse } from '../monitor/pulse.ts';
import type { Attempt } from '../system/types.ts';

export type ServiceManager = {
  readonly pulse: Pulse;
  /** Tells what is new; what did not pass is told with the next turn of the loop. */
  update(entries: readonly Entry[]): void;
  /** A reload begins; ready again when it has ended and all entries have been looked at. */
  reloading(): void;
  /** Whether it has changed anything or not. */
  reloaded(): void;
  /** Nothing is told after this. */
  stopping(): void;
};

export type ServiceManagerParts = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly ownPid: number;
  /** CLOCK_MONOTONIC. */
  monotonicMicroseconds(): bigint;
  send(text: string): Attempt;
};

export function createServiceManager(parts: ServiceManagerParts): ServiceManager {
  let state: 'starting' | 'ready' | 'reloading' | 'stopping' = 'starting';
  let told: string | undefined;
  let last: readonly Entry[] = [];

  function update(entries: readonly Entry[]): void {
    last = entries;
    if (state === 'stopping') return;
    const isReady = state === 'starting' && entries.length > 0 && entries.every(isSettled);
    const status = summarize(entries);
    const lines = [...(isReady ? ['READY=1'] : []), ...(status === told ? [] : [`STATUS=${status}`])];
    if (lines.length === 0 || parts.send(lines.join('\n')) === 'later') return;
    told = status;
    if (isReady) state = 'ready';
  }

  return {
    pulse: watchdogPulse(parts, () => state === 'starting'),
    update,
    reloading() {
      if (state === 'stopping') return;
      state = 'reloading';
      parts.send(`RELOADING=1\nMONOTONIC_USEC=${parts.monotonicMicroseconds()}`);
    },
    reloaded() {
      if (state !== 'reloading') return;
      state = 'starting';
      update(last);
    },
    stopping() {
      state = 'stopping';
      parts.send('STOPPING=1');
    },
  };
}

/** How much of the time between two pings passes before one that did not pass is tried again. */
const RETRY_SHARE = 0.2;

/**
 * At half of the time that the manager allows, as sd_watchdog_enabled(3) advises; never when it asks for none. It
 * does not use them before the start is over, but limits its time: so they say that it goes on.
 */
function watchdogPulse({ environment, ownPid, send }: ServiceManagerParts, isStarting: () => boolean): Pulse {
  const allowed = watchdogMicroseconds(environment, ownPid);
  if (allowed === undefined) return { beat: () => undefined, nextAt: () => Infinity };
  const interval = allowed / 1000 / 2;
  let nextAt = -Infinity;
  return {
    beat(now) {
      if (now < nextAt) return;
      const ping = isStarting() ? `WATCHDOG=1\nEXTEND_TIMEOUT_USEC=${allowed}` : 'WATCHDOG=1';
      nextAt = now + (send(ping) === 'written' ? interval : interval * RETRY_SHARE);
    },
    nextAt: () => nextAt,
  };
}

/** Undefined when no pings are wanted, or another process is to send them. */
function watchdogMicroseconds(
  environment: ServiceManagerParts['environment'],
  ownPid: number,
): number | undefined {
  const microseconds = environment['WATCHDOG_USEC'] ?? '';
  const pid = environment['WATCHDOG_PID'];
  if (!/^[1-9]\d*$/.test(microseconds) || (pid !== undefined && pid !== String(ownPid))) return undefined;
  return Number(microseconds);
}
