// The environment of a restart script: pcheck's own without what belongs to Node, to the service manager or to
// pcheck (SPEC 4). What else it must not inherit: src/system/real/script-shell.ts.
import type { Entry } from '../entry/types.ts';

type Environment = Readonly<Record<string, string>>;

export function scriptEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  entry: Entry,
  token: string,
): Environment {
  return {
    ...inherited(own),
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

const known = new WeakMap<object, Environment>();

/** pcheck's own environment does not change, so it is gone through once. */
function inherited(own: Readonly<Record<string, string | undefined>>): Environment {
  const before = known.get(own);
  if (before !== undefined) return before;
  const kept = Object.entries(own).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !NOT_INHERITED.test(pair[0]),
  );
  const made = Object.fromEntries(kept);
  known.set(own, made);
  return made;
}
