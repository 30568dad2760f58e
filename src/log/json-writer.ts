// The way out of the log as JSON records, by pino; padmin does without, so it has a file of its own.
import { pino } from 'pino';
import type { LineSink } from '../system/types.ts';
import type { Level } from './catalogue.ts';
import type { LogWriter } from './log.ts';
import { visibleJson } from './visible.ts';

const PINO_LEVEL: Readonly<Record<Level, 'fatal' | 'error' | 'warn' | 'info' | 'debug'>> = {
  crit: 'fatal',
  err: 'error',
  warning: 'warn',
  notice: 'info',
  info: 'info',
  debug: 'debug',
};

/** One pino record a line: `level`, `time` (epoch ms), `id` of the catalogue, its values, `pent_id` where it is about an entry, `msg`. */
export function jsonWriter(sink: Pick<LineSink, 'write'>, tag: string, pid: number): LogWriter {
  const logger = pino(
    { level: 'debug', base: { name: tag, pid }, timestamp: false },
    { write: (line: string) => sink.write(visibleJson(line)) },
  );
  return ({ at, level, message, text }) => {
    logger[PINO_LEVEL[level]](
      {
        time: at.wall,
        severity: level,
        id: message.id,
        ...(message.pentId !== undefined && { pent_id: message.pentId }),
        values: message.values,
      },
      text,
    );
  };
}
