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

/**
 * Node opens standard error when it closes its first connection, makes a pipe or socket non-blocking for everybody who
 * has it, and writes its own warnings there, waiting for its disk.
 */
export function keepNodeFromStandardError(): void {
  Object.defineProperty(process, 'stderr', { value: { isTTY: false, write: () => true } });
  process.removeAllListeners('warning');
}

/** SIGCHLD has a handler from now on: ignored, as a parent may have left it, it would leave no status of any child (wait(2)). */
export function hearOfChildren(onEnd: () => void): void {
  process.on('SIGCHLD', onEnd);
}

/** Some child has ended: whose it is asks for it. Returns the way to undo it. */
export function onChildEnd(callback: () => void): () => void {
  process.on('SIGCHLD', callback);
  return () => void process.off('SIGCHLD', callback);
}

/** Until pcheck has begun there is nothing to stop but itself: SIGTERM ends it with this status. Returns the way to undo it. */
export function exitOnStopSignals(status: number): () => void {
  const end = (): never => process.exit(status);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(name, end);
  return () => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.off(name, end);
  };
}

/** A defect that nothing else caught: told once, before the program ends. Returns the way to undo it. */
export function onDefect(callback: (error: string) => void): () => void {
  const tell = (error: Error) => callback(error.stack ?? errorCode(error));
  process.on('uncaughtException', tell);
  return () => process.off('uncaughtException', tell);
}

/** As any other program ends whose reader has gone away: by SIGPIPE, which Node ignores until it has had a listener. */
export function endByBrokenPipe(): void {
  const listener = () => undefined;
  process.on('SIGPIPE', listener).off('SIGPIPE', listener);
  process.kill(process.pid, 'SIGPIPE');
}

export function exit(status: number): never {
  process.exit(status);
}
