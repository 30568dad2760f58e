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

/** `debug` messages are left out unless `isVerbose`. */
export function createLog(now: () => Instant, writers: readonly LogWriter[], isVerbose: boolean): Log {
  return {
    write(message) {
      const { level } = catalogue[message.id];
      if (level === 'debug' && !isVerbose) return;
      const record = { at: now(), level, message, text: formatMessage(message) };
      for (const writer of writers) writer(record);
    },
  };
}
