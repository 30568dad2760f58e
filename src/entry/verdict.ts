// The verdict on a whole service, for managers that ask whether it has to move instead of waiting for pcheck's
// end: one word, and the reason in the catalogue's own words. Where it is written, and when: the program.
import { message } from '../log/catalogue.ts';
import { formatMessage } from '../log/format.ts';
import type { Entry } from './types.ts';

export const VERDICTS = ['starting', 'ok', 'degraded', 'failed', 'stopped'] as const;

export type Verdict = {
  readonly is: (typeof VERDICTS)[number];
  /** Empty where the word says it all. */
  readonly reason: string;
};

/** Who says so, and until when it is worth something: seconds on the clock of /proc/uptime. */
export type VerdictStamp = {
  readonly atSeconds: number;
  readonly untilSeconds: number;
  readonly pid: number;
  readonly ipckey: string;
};

export const STARTING: Verdict = { is: 'starting', reason: '' };
export const STOPPED: Verdict = { is: 'stopped', reason: '' };
/** pcheck ends by a defect of its own: nobody knows how the service is. */
export const FAILED_ITSELF: Verdict = {
  is: 'failed',
  reason: formatMessage(message('defect', { error: 'see its log' })),
};
const OK: Verdict = { is: 'ok', reason: '' };

const MOST_NAMED = 3;

/** While pcheck watches. What is being healed, or left alone by padmin stop, is no matter of a manager. */
export function verdictOn(entries: readonly Entry[]): Verdict {
  const givenUp = entries.filter(({ phase }) => phase.is === 'absent' && phase.because === 'retry-over');
  if (givenUp.length === 0) return OK;
  const reasons = givenUp.slice(0, MOST_NAMED).map(({ pent: { name } }) => text('retryOverContinue', name));
  if (givenUp.length > MOST_NAMED) reasons.push(`and ${givenUp.length - MOST_NAMED} more`);
  return { is: 'degraded', reason: reasons.join(', ') };
}

/** The entry whose retry-over ends pcheck. */
export function failedBy({ pent: { name, action } }: Entry): Verdict {
  return {
    is: 'failed',
    reason: text(action === 'shutdown' ? 'retryOverShutdown' : 'retryOverExit', name),
  };
}

/** Two lines; no value can forge one. */
export function verdictText({ is, reason }: Verdict, stamp: VerdictStamp): string {
  const { atSeconds, untilSeconds, pid, ipckey } = stamp;
  const verdict = reason === '' ? is : `${is} ${reason}`;
  return `${verdict}\n${atSeconds.toFixed(2)} ${untilSeconds.toFixed(2)} ${pid} ${ipckey}\n`;
}

function text(id: 'retryOverContinue' | 'retryOverExit' | 'retryOverShutdown', name: string): string {
  return formatMessage(message(id, { name }));
}
