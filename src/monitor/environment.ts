// The environment and command of a restart script: pcheck's own environment without what belongs to Node, to
// the service manager or to pcheck; the limit of open files as it was before Node raised it; neither pcheck's
// higher priority nor its protection from the OOM killer (SPEC 4).
import type { Entry } from '../entry/types.ts';
import type { Protection } from '../system/types.ts';

type Environment = Readonly<Record<string, string>>;

export function scriptEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  entry: Entry,
  token: string,
): Environment {
  const kept = Object.entries(own).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !NOT_INHERITED.test(pair[0]),
  );
  return {
    ...Object.fromEntries(kept),
    PSAVER_NAME: entry.pent.name,
    PSAVER_PENT_ID: String(entry.pent.id),
    PSAVER_RETRY_COUNT: String(entry.retryCount),
    PSAVER_RESTART_COUNT: String(entry.restartCount),
    PSAVER_REASON: entry.reason,
    PSAVER_RUN: token,
  };
}

const NOT_INHERITED =
  /^(NODE_.*|PSAVER_.*|NOTIFY_SOCKET|LISTEN_.*|WATCHDOG_.*|INVOCATION_ID|JOURNAL_STREAM)$/;

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
