// The way to the syslog daemon of this machine, for both programs.
import { message } from '../log/catalogue.ts';
import { createLog, type Log, lineOf } from '../log/log.ts';
import { syslogWriter } from '../log/writers.ts';
import { realClock } from '../system/real/clock.ts';
import { isSpecial } from '../system/real/files.ts';
import type { LibcCalls } from '../system/real/kernel.ts';
import { realProc } from '../system/real/proc/proc.ts';
import { createDatagramSink } from '../system/real/sinks/sinks.ts';
import type { LineSink } from '../system/types.ts';

export const SYSLOG_SOCKET = '/dev/log';

export function hasSyslog(): boolean {
  return isSpecial(SYSLOG_SOCKET);
}

export function openSyslogSink(kernel: LibcCalls, tag: string): LineSink {
  return createDatagramSink(realClock, kernel, SYSLOG_SOCKET, (count) =>
    lineOf(
      (sink) => syslogWriter(sink, tag, realProc.ownPid),
      realClock.now(),
      message('linesDropped', { count, sink: SYSLOG_SOCKET }),
    ),
  );
}

/** A log to syslog alone, for a line or two before a program ends. */
export function openSyslog(kernel: LibcCalls, tag: string): Log {
  return createLog(realClock.now, [syslogWriter(openSyslogSink(kernel, tag), tag, realProc.ownPid)], false);
}
