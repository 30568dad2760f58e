// The log of one program: gives each message to every way out that was set up. Which ones there are is the
// program's choice; how they avoid blocking is theirs (src/system).
import type { Instant, LineSink } from '../system/types.ts';
import { catalogue, type Level, type LogMessage } from './catalogue.ts';
import { formatMessage } from './format.ts';

export type Log = {
  write(message: LogMessage): void;
};

/** A log in which something can be said that takes time to be known. */
export type PatientLog = Log & {
  /** Their place is here; they are made when they are passed on, and what is written later waits for them. `write` has to be called once, soon. */
  writeLater(make: (write: (messages: readonly LogMessage[]) => void) => void): void;
};

export type LogRecord = {
  readonly at: Instant;
  readonly level: Level;
  readonly message: LogMessage;
  readonly text: string;
};

export type LogWriter = (record: LogRecord) => void;

export type PutOffLog = PatientLog & {
  /** Passes on at once what was put off; what is not made yet is left out. */
  flush(): void;
  /** Calls back when all has been made and passed on. */
  whenPassed(done: () => void): void;
};

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
  const kept: Kept[] = [];
  const waiting: (() => void)[] = [];
  let isPassing = false;

  function pass(): void {
    if (isPassing) return;
    isPassing = true;
    try {
      while (passSome());
    } finally {
      isPassing = false;
    }
    if (kept.length === 0) for (const done of waiting.splice(0)) done();
  }

  /** In their order, up to the first that is still being made; whether there may be more. */
  function passSome(): boolean {
    for (const one of kept) begin(one);
    const count = kept.findIndex(({ messages }) => messages === undefined);
    const made = kept.splice(0, count < 0 ? kept.length : count);
    for (const one of made) writeNow(one);
    return made.length > 0 && kept.length > 0;
  }

  function begin(one: Kept): void {
    const { make } = one;
    one.make = undefined;
    make?.((messages) => {
      one.messages ??= messages;
      pass();
    });
  }

  function writeNow({ at, messages = [] }: Kept): void {
    for (const message of messages) {
      const record = recordOf(at, message);
      if (record.level === 'debug' && !isVerbose) continue;
      for (const writer of writers) writer(record);
    }
  }

  function keep(messages: Kept['messages'], make: Kept['make']): void {
    kept.push({ at: now(), messages, make });
    // Else it is put off already, or waits for what is being made.
    if (kept.length === 1) putOff(pass);
  }

  return {
    write: (message) => keep([message], undefined),
    writeLater: (make) => keep(undefined, make),
    flush() {
      for (const one of kept) begin(one);
      for (const one of kept) one.messages ??= [];
      pass();
    },
    whenPassed(done) {
      waiting.push(done);
      pass();
    },
  };
}

/** A message in the form of one writer: what a way out says of itself. */
export function lineOf(
  makeWriter: (sink: Pick<LineSink, 'write'>) => LogWriter,
  at: Instant,
  message: LogMessage,
): string {
  const lines: string[] = [];
  makeWriter({ write: (line) => void lines.push(line) })(recordOf(at, message));
  return lines.join('');
}

function recordOf(at: Instant, message: LogMessage): LogRecord {
  return { at, level: catalogue[message.id].level, message, text: formatMessage(message) };
}
/** One call of the log: its messages as soon as they are there. */
type Kept = {
  readonly at: Instant;
  messages: readonly LogMessage[] | undefined;
  make: ((write: (messages: readonly LogMessage[]) => void) => void) | undefined;
};
