// A service that dies again and again, for tests that kill pcheck meanwhile: its restart script writes down
// each of its runs, and a round, from the first start of pcheck to its end with status 1, is judged by them.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { until } from './until.ts';
import { startedFrom, type Workspace } from './workspace.ts';

export type CrashLoop = {
  readonly pfile: string;
  /** The record of the pcheck that was killed last. */
  recorded(): Recorded | undefined;
  hasRecord(): boolean;
  /** What a round's runs were: the PSAVER_RETRY_COUNT of each. Fails when two ran at one time. Then all is new. */
  finishRound(): Promise<Run[]>;
};

export type Run = { readonly token: string; readonly retryCount: number };

export type Recorded = {
  readonly phase: string;
  readonly retryCount: number;
  readonly token: string | undefined;
};

export const RETRY = 3;

/**
 * The first restart takes longer than a start of pcheck, so that the next pcheck meets its script. The second
 * starts nothing, as scripts that fail. What the others start lives for a moment.
 */
const SCRIPT = `#!/bin/sh
runs=\${0%/*}/runs
trap 'echo "end $PSAVER_RUN $PSAVER_RETRY_COUNT $$" >>"$runs"' EXIT
trap 'exit 1' TERM
echo "begin $PSAVER_RUN $PSAVER_RETRY_COUNT $$" >>"$runs"
[ "$PSAVER_RETRY_COUNT" -ne 1 ] || sleep 0.5
sleep 0.05
if [ "$PSAVER_RETRY_COUNT" -ne 2 ]; then
  "\${0%/*}/service" 0.1 &
fi
`;

export function createCrashLoop(workspace: Workspace): CrashLoop {
  const { folder, ipckey, path, socket, write } = workspace;
  const runsFile = path('runs');
  const recordFile = socket.replace(/sock$/, 'state');
  copyFileSync('/bin/sleep', path('service'));
  write('start.sh', SCRIPT, 0o755);
  mkdirSync(path('out'));
  const options = `${RETRY}:exit:restart_interval=0:start_wait=0.15`;
  const pfile = write(
    'pfile',
    `IPCKEY ${ipckey}\nMONITOR_INTERVAL 0.1\nSHM_DUMP_FILE ${path('out/dump')}\n` +
      `${folder}/service:${folder}/start.sh:86400:${options}\n`,
  );
  return {
    pfile,
    hasRecord: () => existsSync(recordFile),
    recorded() {
      if (!existsSync(recordFile)) return undefined;
      const text = readFileSync(recordFile, 'utf8');
      // What is read is the test's own pcheck's.
      const [entry] = JSON.parse(text.split('\n')[1] ?? '').entries;
      return { phase: entry.state.phase.is, retryCount: entry.state.retryCount, token: entry.token };
    },
    async finishRound() {
      // The service, a dump's child, a script that nobody waits for any more.
      await until('all that the round started has ended', () => startedFrom(workspace).length === 0);
      const text = existsSync(runsFile) ? readFileSync(runsFile, 'utf8') : '';
      rmSync(runsFile, { force: true });
      return runsOf(text);
    },
  };
}

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let inProgress: string | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const [event, token = '', retryCount] = line.split(' ');
    if (event === 'begin') {
      assert.equal(inProgress, undefined, `two restart scripts at one time:\n${text}`);
      runs.push({ token, retryCount: Number(retryCount) });
      inProgress = token;
    } else {
      assert.equal(inProgress, token, `a restart script ended that had not begun:\n${text}`);
      inProgress = undefined;
    }
  }
  assert.equal(inProgress, undefined, `a restart script was ended:\n${text}`);
  return runs;
}
