// The ways out of the log as text: syslog datagrams, stderr lines. Each turns a record into the form its
// reader knows; the sinks below them decide what happens when the reader is stuck.
import type { LineSink } from '../system/types.ts';
import type { Level } from './catalogue.ts';
import type { LogWriter } from './log.ts';
import { sortableTime, syslogTime } from './time.ts';

const FACILITY_DAEMON = 3;
const SEVERITY: Readonly<Record<Level, number>> = {
  crit: 2,
  err: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
};

/** `<PRI>Mmm dd hh:mm:ss TAG[PID]: TEXT`, the form of syslog(3) (RFC 3164), local time. */
export function syslogWriter(sink: Pick<LineSink, 'write'>, tag: string, pid: number): LogWriter {
  return ({ at, level, text }) => {
    sink.write(`<${FACILITY_DAEMON * 8 + SEVERITY[level]}>${syslogTime(at.wall)} ${tag}[${pid}]: ${text}`);
  };
}

/** For people: `YYYY-MM-DD hh:mm:ss TAG[PID]: level: TEXT`; for a journal: `<SEVERITY>TEXT` (sd-daemon(3)). */
export function stderrWriter(
  sink: Pick<LineSink, 'write'>,
  form: 'plain' | 'journal',
  tag: string,
  pid: number,
): LogWriter {
  return ({ at, level, text }) => {
    const line =
      form === 'journal'
        ? `<${SEVERITY[level]}>${text}`
        : `${sortableTime(at.wall)} ${tag}[${pid}]: ${level}: ${text}`;
    sink.write(`${line}\n`);
  };
}
