// The signals that pcheck acts upon, and the last way out of a program.
import { errorCode } from '../errors.ts';

export type SignalName = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP';

/**
 * Every arrival is told, the second like the first. SIGPIPE is ignored by Node itself; SIGALRM must never have
 * a listener, since a hung pcheck could not run it: Node leaves it its default action, which ends the process.
 */
export function onSignal(name: SignalName, callback: () => void): void {
  process.on(name, callback);
}

/**
 * Signals that mean nothing to pcheck, or (SIGHUP) not yet. Without a listener they would end it, and SIGUSR1 would make Node open
 * a debugger's port to everybody on this machine. SIGALRM is left alone.
 */
export function ignoreStraySignals(): void {
  for (const name of STRAY_SIGNALS) process.on(name, () => undefined);
}

const STRAY_SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGPWR', 'SIGIO', 'SIGVTALRM', 'SIGXCPU'] as const;

/** SIGCHLD has a handler from now on: ignored, as a parent may have left it, it would leave no status of any child (wait(2)). */
export function hearOfChildren(): void {
  process.on('SIGCHLD', () => undefined);
}

/** Until pcheck has begun there is nothing to stop but itself: SIGTERM ends it with this status. Returns the way to undo it. */
export function exitOnStopSignals(status: number): () => void {
  const end = (): never => process.exit(status);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(name, end);
  return () => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.off(name, end);
  };
}

/** A defect that nothing else caught: told once, before the program ends. */
export function onDefect(callback: (error: string) => void): void {
  process.on('uncaughtException', (error) => callback(error.stack ?? errorCode(error)));
}

export function exit(status: number): never {
  process.exit(status);
}
