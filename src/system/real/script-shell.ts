// A shell before a script, where something has to be set back first that a script must not inherit: the limit of
// open files as it was before Node raised it, pcheck's higher priority, its protection from the OOM killer (SPEC 4).
import type { Protection } from './protection.ts';

export type Command = {
  readonly path: string;
  readonly arguments: readonly string[];
};

/**
 * The script's command; behind a shell that execs it, where something has to be set back first. Only what
 * raises pcheck above others is: a lower priority or a positive score was meant for the service too.
 */
export function scriptCommand(
  command: Command,
  openFilesLimit: string | undefined,
  { nice, oomScoreAdj }: Protection,
): Command {
  const steps: string[] = [];
  if (openFilesLimit !== undefined && /^(\d+|unlimited)$/.test(openFilesLimit)) {
    steps.push(`ulimit -S -n ${openFilesLimit}`);
  }
  if (oomScoreAdj < 0) steps.push('{ echo 0 >/proc/self/oom_score_adj; } 2>/dev/null');
  // A script at a high priority is better than none, where PATH does not lead to nice(1).
  if (nice < 0) steps.push(`command -v nice >/dev/null && exec nice -n ${-nice} "$0" "$@"`);
  if (steps.length === 0) return command;
  return {
    path: '/bin/sh',
    arguments: ['-c', [...steps, 'exec "$0" "$@"'].join('; '), command.path, ...command.arguments],
  };
}
