// Sets up the ways out of pcheck's log as its command line says: syslog, standard error, a JSON file.
import { resolve } from 'node:path';
import { type LogMessage, message } from '../log/catalogue.ts';
import { createLog, type LogWriter, lineOf, type PutOffLog } from '../log/log.ts';
import { visible } from '../log/visible.ts';
import { stderrWriter, syslogWriter } from '../log/writers.ts';
import type { Kernel } from '../system/real/kernel.ts';
import type { FileSink, FileSinkParts } from '../system/real/sinks/file-sink.ts';
import { createPathSink, createStderrSink, stderrIsJournal } from '../system/real/sinks/sinks.ts';
import type { SinkTrouble } from '../system/real/sinks/trouble.ts';
import { realSystem } from '../system/real/system.ts';
import type { LineSink } from '../system/types.ts';
import type { PcheckOptions } from './command-line.ts';
import { EXIT, ExitError } from './exit.ts';
import { openSyslogSink } from './open-syslog.ts';

/** Its flush passes on what is queued too, as far as that goes without blocking. */
export type PcheckLog = PutOffLog & {
  /** To standard error alone, as it is. */
  print(text: string): void;
  /** Files that were rotated: what was logged so far is in the old ones. */
  reopen(): void;
  /** Nothing is logged any more; resolves when all of it is out, a second later where a disk hangs. */
  close(): Promise<void>;
};

const TAG = 'pcheck';
/** So long a disk that hangs delays the start. */
const PATIENCE_MILLISECONDS = 1000;
/** So long a disk that is slow delays the end. */
const SLOW_MILLISECONDS = 5000;

type MakeWriter = (sink: Pick<LineSink, 'write'>) => LogWriter;

/** Rejects when the JSON log cannot be written. */
export async function openLog(options: PcheckOptions, kernel: Kernel): Promise<PcheckLog> {
  const { clock, proc, environment } = realSystem;
  const system = { kernel, clock, proc };
  const sinks: LineSink[] = [];
  const writers: LogWriter[] = [];
  function add<Sink extends LineSink>(sink: Sink, makeWriter: MakeWriter): Sink {
    sinks.push(sink);
    writers.push(makeWriter(sink));
    return sink;
  }
  function messages(sink: string, makeWriter: MakeWriter): Pick<FileSinkParts, 'dropped' | 'tell'> {
    return {
      dropped: (count) => lineOf(makeWriter, clock.now(), message('linesDropped', { count, sink })),
      tell: (trouble) => log.write(told(sink, trouble)),
    };
  }
  if (options.syslog) {
    add(openSyslogSink(kernel, TAG), (sink) => syslogWriter(sink, TAG, proc.ownPid));
  }
  const form = stderrIsJournal(environment['JOURNAL_STREAM']) ? 'journal' : 'plain';
  const stderrForm: MakeWriter = (sink) => stderrWriter(sink, form, TAG, proc.ownPid);
  const stderr = add(createStderrSink(system, messages(STDERR, stderrForm)), stderrForm);
  const log = createLog(clock.now, writers, options.verbose ?? false, (pass) => clock.after(0, pass));
  await openedInTime(stderr);
  if (options.jsonLog !== undefined) {
    const path = resolve(options.jsonLog);
    // pino is in memory only where it is used.
    const { jsonWriter } = await import('../log/json-writer.ts');
    const json: MakeWriter = (sink) => jsonWriter(sink, TAG, proc.ownPid);
    const opened = await openedInTime(add(createPathSink(system, path, messages(path, json)), json));
    // One that hangs is told of when it has done so for a while.
    if (opened !== undefined && opened !== 'stuck') {
      throw new ExitError(EXIT.cannotCreate, `cannot open the JSON log ${visible(path)}: ${opened}`);
    }
  }

  function flush(): void {
    log.flush();
    for (const sink of sinks) sink.flush();
  }

  return {
    write: log.write,
    writeLater: log.writeLater,
    whenPassed: log.whenPassed,
    flush,
    print: (text) => stderr.write(text),
    reopen() {
      log.flush();
      for (const sink of sinks) sink.reopen();
    },
    close() {
      log.flush();
      const closed = sinks.map((sink) => new Promise<void>((done) => sink.close(done)));
      return Promise.race([Promise.all(closed).then(() => undefined), pause(SLOW_MILLISECONDS)]);
    },
  };
}

const STDERR = 'standard error';

/** Why it cannot be written, if so; `stuck` when that is not known in time. */
function openedInTime({ opened }: FileSink): Promise<string | 'stuck' | undefined> {
  return Promise.race([opened, pause(PATIENCE_MILLISECONDS).then(() => 'stuck')]);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => realSystem.clock.after(milliseconds, done));
}

function told(sink: string, trouble: SinkTrouble): LogMessage {
  switch (trouble.is) {
    case 'stuck':
      return message('logStuck', { sink, seconds: trouble.seconds });
    case 'failing':
      return message('logFailing', { sink, reason: trouble.reason });
    case 'over':
      return message('logWorks', { sink });
    default:
      return trouble satisfies never;
  }
}
