// pcheck's side of the control channel: a request line in, a response line out. What the commands do to the
// entries is the monitor's business; how lines travel is the system's.
import type { Snapshot } from '../entry/snapshot.ts';
import { noSuchPent, type ParamReport, type Response } from './messages.ts';
import type { CommandName, Request } from './question.ts';
import { parseRequest } from './request.ts';

/** What the channel may ask of the running pcheck. */
export type Controlled = {
  readonly pfile: string;
  /** Nothing is decided any more: it stops what is in progress. */
  isEnding(): boolean;
  snapshot(): Snapshot;
  param(): ParamReport;
  /** The ids whose restart script goes on all the same. */
  stop(pentIds: readonly number[] | undefined): readonly number[];
  start(pentIds: readonly number[] | undefined): void;
  reset(pentIds: readonly number[] | undefined): void;
  /** Takes as long as the pfile takes to be read. */
  reload(): Promise<ReloadAnswer>;
  shutdown(): void;
};

/** What has changed, or why nothing has and padmin's exit status for it. */
export type ReloadAnswer = { readonly text: string } | { readonly status: number; readonly text: string };

/** Exit statuses of padmin that a pcheck decides (SPEC 6). */
const STATUS_OTHER_PFILE = 1;
const STATUS_USAGE = 64;

/** What a pcheck says to a request that would change something when its end is decided. */
export const ENDING = { status: 1, text: 'this pcheck is ending: nothing was done' };

const CHANGES: readonly CommandName[] = ['stop', 'start', 'reload', 'reset'];

/** The answer to a line; a promise where it takes time, and others are answered meanwhile. */
export function createAnswer(controlled: Controlled): (line: string) => string | Promise<string> {
  return (line) => {
    const response = answer(controlled, parseRequest(line));
    return response instanceof Promise ? response.then(formatResponse) : formatResponse(response);
  };
}

function formatResponse(response: Response): string {
  return JSON.stringify(response);
}

function answer(controlled: Controlled, request: Request | undefined): Response | Promise<Response> {
  if (request === undefined)
    return refused(
      STATUS_USAGE,
      'this pcheck does not understand the request (is padmin of the same version?)',
    );
  if (request.pfile !== controlled.pfile) {
    return refused(
      STATUS_OTHER_PFILE,
      `the pcheck of this IPCKEY runs for another pfile: ${controlled.pfile}`,
    );
  }
  const { command, pentId } = request;
  const snapshot = controlled.snapshot();
  const pents = snapshot.pents.filter((pent) => pentId === undefined || pent.pentId === pentId);
  if (pentId !== undefined && pents.length === 0) {
    return refused(STATUS_USAGE, noSuchPent(pentId, snapshot.pents));
  }
  if (controlled.isEnding() && CHANGES.includes(command)) {
    return refused(ENDING.status, ENDING.text);
  }
  const chosen = pentId === undefined ? undefined : [pentId];
  switch (command) {
    case 'show pent':
      return { kind: 'pents', snapshot: { ...snapshot, pents } };
    case 'show param':
      return { kind: 'param', param: controlled.param() };
    case 'stop': {
      const busy = controlled.stop(chosen);
      const note =
        busy.length === 0 ? '' : `; the restart script of pent_id ${busy.join(', ')} is let finish`;
      return { kind: 'done', text: `monitoring off${note}` };
    }
    case 'start':
      controlled.start(chosen);
      return { kind: 'done', text: 'monitoring on' };
    case 'reload':
      return controlled.reload().then(afterReload);
    case 'reset':
      controlled.reset(chosen);
      return { kind: 'done', text: 'retry_count is 0' };
    case 'shutdown':
      controlled.shutdown();
      return { kind: 'done', text: 'pcheck ends' };
    default:
      return command satisfies never;
  }
}

function afterReload(result: ReloadAnswer): Response {
  return 'status' in result ? refused(result.status, result.text) : { kind: 'done', text: result.text };
}

function refused(status: number, text: string): Response {
  return { kind: 'refused', status, text };
}
