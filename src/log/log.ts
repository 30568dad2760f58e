// The log of one program: gives each message to every way out that was set up. Which ones there are is the
// program's choice; how they avoid blocking is theirs (src/system).
import type { Instant } from '../system/types.ts';
import { catalogue, type Level, type LogMessage } from './catalogue.ts';
import { formatMessage } from './format.ts';

export type Log = {
  write(message: LogMessage): void;
};

/** A log in which something can be said that takes time to be known. */
export type PatientLog = Log & {
  /** Their place is here; they are made when they are passed on. */
  writeLater(make: () => readonly LogMessage[]): void;
};

export type LogRecord = {
  readonly at: Instant;
  readonly level: Level;
  readonly message: LogMessage;
  readonly text: string;
};

export type LogWriter = (record: LogRecord) => void;

/** `flush` passes on at once what was put off. */
export type PutOffLog = PatientLog & { flush(): void };

/**
 * `debug` messages are left out unless `isVerbose`. `putOff`: when what was written is to be passed on, so that
 * nothing that is done in this turn waits for it; at once, if it is not given.
 */
export function createLog(
  now: () => Instant,
  writers: readonly LogWriter[],
  isVerbose: boolean,
  putOff: (pass: () => void) => void = (pass) => pass(),
): PutOffLog {
  const kept: { readonly at: Instant; make(): readonly LogMessage[] }[] = [];

  function pass(): void {
    for (const { at, make } of kept.splice(0)) {
      for (const message of make()) {
        const { level } = catalogue[message.id];
        if (level === 'debug' && !isVerbose) continue;
        const text = formatMessage(message);
        for (const writer of writers) writer({ at, level, message, text });
      }
    }
  }

  function writeLater(make: () => readonly LogMessage[]): void {
    kept.push({ at: now(), make });
    if (kept.length === 1) putOff(pass);
  }

  return {
    write: (message) => writeLater(() => [message]),
    writeLater,
    flush: pass,
  };
}
