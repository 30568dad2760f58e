// The way to the syslog daemon of this machine, for both programs.
import { message } from '../log/catalogue.ts';
import { createLog, type Log } from '../log/log.ts';
import { syslogWriter } from '../log/writers.ts';
import { realClock } from '../system/real/clock.ts';
import { realFiles } from '../system/real/files.ts';
import type { LibcCalls } from '../system/real/kernel.ts';
import { realProc } from '../system/real/proc.ts';
import { createDatagramSink } from '../system/real/sinks.ts';
import type { LineSink } from '../system/types.ts';

export const SYSLOG_SOCKET = '/dev/log';

export function hasSyslog(): boolean {
  return realFiles.kind(SYSLOG_SOCKET) === 'other';
}

export function openSyslogSink(kernel: LibcCalls, tag: string): LineSink {
  return createDatagramSink(realClock, kernel, SYSLOG_SOCKET, (count) => {
    const lines: string[] = [];
    const writer = syslogWriter(
      { write: (line) => lines.push(line), flush: () => undefined },
      tag,
      realProc.ownPid,
    );
    createLog(realClock.now, [writer], false).write(message('linesDropped', { count, sink: SYSLOG_SOCKET }));
    return lines.join('');
  });
}

/** A log to syslog alone, for a line or two before a program ends. */
export function openSyslog(kernel: LibcCalls, tag: string): Log {
  return createLog(realClock.now, [syslogWriter(openSyslogSink(kernel, tag), tag, realProc.ownPid)], false);
}
