// The log of one program: gives each message to every way out that was set up. Which ones there are is the
// program's choice; how they avoid blocking is theirs (src/system).
import type { Instant } from '../system/types.ts';
import { catalogue, type Level, type LogMessage } from './catalogue.ts';
import { formatMessage } from './format.ts';

export type Log = {
  write(message: LogMessage): void;
};

export type LogRecord = {
  readonly at: Instant;
  readonly level: Level;
  readonly message: LogMessage;
  readonly text: string;
};

export type LogWriter = (record: LogRecord) => void;

/** `flush` passes on at once what was put off. */
export type PutOffLog = Log & { flush(): void };

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
  const kept: Omit<LogRecord, 'text'>[] = [];

  function pass(): void {
    for (const record of kept.splice(0)) {
      const text = formatMessage(record.message);
      for (const writer of writers) writer({ ...record, text });
    }
  }

  return {
    write(message) {
      const { level } = catalogue[message.id];
      if (level === 'debug' && !isVerbose) return;
      kept.push({ at: now(), level, message });
      if (kept.length === 1) putOff(pass);
    },
    flush: pass,
  };
}
