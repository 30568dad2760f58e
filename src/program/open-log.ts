// Sets up the ways out of pcheck's log as its command line says: syslog, standard error, a JSON file.

import { message } from '../log/catalogue.ts';
import { formatMessage } from '../log/format.ts';
import { createLog, type LogWriter, type PutOffLog } from '../log/log.ts';
import { stderrWriter, syslogWriter } from '../log/writers.ts';
import { errorCode } from '../system/errors.ts';
import type { LibcCalls } from '../system/real/kernel.ts';
import { createFileSink, createStderrSink, stderrIsJournal } from '../system/real/sinks.ts';
import { realSystem } from '../system/real/system.ts';
import type { LineSink } from '../system/types.ts';
import type { PcheckOptions } from './command-line.ts';
import { EXIT, ExitError } from './exit.ts';
import { openSyslogSink } from './open-syslog.ts';

const TAG = 'pcheck';

/** Its flush passes on what is queued too, as far as that goes without blocking. */
export async function openLog(options: PcheckOptions, kernel: LibcCalls): Promise<PutOffLog> {
  const { clock, proc, environment } = realSystem;
  const sinks: LineSink[] = [];
  const writers: LogWriter[] = [];
  function add(sink: LineSink, writer: (sink: LineSink, tag: string, pid: number) => LogWriter): void {
    sinks.push(sink);
    writers.push(writer(sink, TAG, proc.ownPid));
  }
  if (options.syslog) {
    add(openSyslogSink(kernel, TAG), syslogWriter);
  }
  const form = stderrIsJournal(environment['JOURNAL_STREAM']) ? 'journal' : 'plain';
  add(createStderrSink(clock, dropped('standard error')), (sink, tag, pid) =>
    stderrWriter(sink, form, tag, pid),
  );
  if (options.jsonLog !== undefined) {
    // pino is in memory only where it is used.
    const { jsonWriter } = await import('../log/json-writer.ts');
    add(openJsonLog(options.jsonLog), jsonWriter);
  }
  const log = createLog(clock.now, writers, options.verbose ?? false, (pass) => clock.after(0, pass));
  return {
    write: log.write,
    writeLater: log.writeLater,
    flush() {
      log.flush();
      for (const sink of sinks) sink.flush();
    },
  };
}

function openJsonLog(path: string): LineSink {
  try {
    return createFileSink(realSystem.clock, path, dropped(path));
  } catch (error) {
    throw new ExitError(EXIT.cannotCreate, `cannot open the JSON log ${path}: ${errorCode(error)}`);
  }
}

function dropped(sink: string): (count: number) => string {
  return (count) => `${formatMessage(message('linesDropped', { count, sink }))}\n`;
}
