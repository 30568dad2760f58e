// The environment of a restart script: pcheck's own without what belongs to Node, to the service manager or to
// pcheck (SPEC 4). What else it must not inherit: src/system/real/script-shell.ts.
import type { Entry } from '../entry/types.ts';

type Environment = Readonly<Record<string, string>>;

/** What the script is told of its entry. */
export function scriptEnvironment(entry: Entry, token: string): Environment {
  return {
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

/** What it gets of pcheck's own, which does not change: it is gone through once. */
export function inheritedEnvironment(own: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(own).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !NOT_INHERITED.test(pair[0]),
  );
  // What bin/pcheck keeps from pcheck's own Node is the service's all the same.
  const openssl = own['PSAVER_OPENSSL_CONF'];
  return { ...Object.fromEntries(kept), ...(openssl !== undefined && { OPENSSL_CONF: openssl }) };
}
