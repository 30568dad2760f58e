// The end of a script or command in words for the log.
import type { ScriptResult } from '../entry/types.ts';
import type { ScriptEnd } from '../system/types.ts';

export function resultOf(end: ScriptEnd): ScriptResult {
  switch (end.kind) {
    case 'exited': {
      const hint = NOT_EXECUTED[end.status] ?? '';
      return {
        outcome: end.status === 0 ? 'succeeded' : 'failed',
        text: `ended with status ${end.status}${hint}`,
      };
    }
    case 'signalled':
      return { outcome: 'failed', text: `was killed by ${end.signal}` };
    case 'unspawnable':
      return { outcome: 'unspawnable', text: `could not be started: ${end.error}` };
    case 'unknown':
      return { outcome: 'unknown', text: 'has ended (nobody knows how)' };
    default:
      return end satisfies never;
  }
}

/** What a shell's status says when it could not execute the script (POSIX sh, exit status of exec). */
const NOT_EXECUTED: Readonly<Record<number, string>> = {
  126: ' (is it executable, and its #! line right?)',
  127: ' (is it there, and the interpreter of its #! line?)',
};
