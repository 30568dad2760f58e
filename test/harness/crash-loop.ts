// Services that die again and again, for tests that kill pcheck meanwhile: their restart script writes down each
// of its runs, and a round, from the first start of pcheck to its end with status 1, is judged by them.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { parseRecord } from '../../src/monitor/record.ts';
import { until } from './until.ts';
import { startedFrom, type Workspace } from './workspace.ts';

export type CrashLoop = {
  readonly pfile: string;
  /** Each entry in the record of the pcheck that was killed last; none without a record. */
  recorded(): readonly Recorded[];
  hasRecord(): boolean;
  /** Each entry's runs in this round. Fails when two of one entry ran at one time. Then all is new. */
  finishRound(): Promise<Run[][]>;
};

export type Run = { readonly token: string; readonly retryCount: number };

export type Recorded = {
  readonly phase: string;
  readonly retryCount: number;
  readonly token: string | undefined;
};

/** Of the first entry, whose retry-over ends pcheck. */
export const RETRY = 3;

/** Of the second entry, which is given up (continue). */
export const RETRY_BESIDE = 2;

/**
 * The first restart takes longer than a start of pcheck, so that the next pcheck meets its script. The second
 * starts nothing, as scripts that fail. What the others start lives for a moment.
 */
const SCRIPT = `#!/bin/sh
runs=$PSAVER_NAME.runs
trap 'echo "end $PSAVER_RUN $PSAVER_RETRY_COUNT $$" >>"$runs"' EXIT
trap 'exit 1' TERM
echo "begin $PSAVER_RUN $PSAVER_RETRY_COUNT $$" >>"$runs"
[ "$PSAVER_RETRY_COUNT" -ne 1 ] || sleep 0.5
sleep 0.05
if [ "$PSAVER_RETRY_COUNT" -ne 2 ]; then
  "$PSAVER_NAME" 0.1 &
fi
`;

export function createCrashLoop(workspace: Workspace, entries: 1 | 2, startWaitSeconds = 0.15): CrashLoop {
  const { folder, ipckey, path, socket, write } = workspace;
  const recordFile = socket.replace(/sock$/, 'state');
  write('start.sh', SCRIPT, 0o755);
  mkdirSync(path('out'));
  const names = ['service', 'beside'].slice(0, entries);
  const pents = names.map((name, index) => {
    copyFileSync('/bin/sleep', path(name));
    const actions = [`${RETRY}:exit`, `${RETRY_BESIDE}:continue`];
    return `${folder}/${name}:${folder}/start.sh:86400:${actions[index]}:restart_interval=0:start_wait=${startWaitSeconds}\n`;
  });
  const parameters = [`IPCKEY ${ipckey}\n`, 'MONITOR_INTERVAL 0.1\n', `SHM_DUMP_FILE ${path('out/dump')}\n`];
  return {
    pfile: write('pfile', [...parameters, ...pents].join('')),
    hasRecord: () => existsSync(recordFile),
    recorded() {
      if (!existsSync(recordFile)) return [];
      const record = parseRecord(readFileSync(recordFile, 'utf8'));
      assert.ok(!('problem' in record), 'problem' in record ? record.problem : '');
      return record.entries.map(({ state, token }) => ({
        phase: state.phase.is,
        retryCount: state.retryCount,
        token,
      }));
    },
    async finishRound() {
      // The services, a dump's child, a script that nobody waits for any more.
      await until('all that the round started has ended', () => startedFrom(workspace).length === 0);
      return names.map((name) => {
        const file = path(`${name}.runs`);
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        rmSync(file, { force: true });
        return runsOf(text);
      });
    },
  };
}

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let inProgress: string | undefined;
  for (const line of text.split('\n').slice(0, -1)) {
    const [event, token = '', retryCount] = line.split(' ');
    if (event === 'begin') {
      assert.equal(inProgress, undefined, `two restart scripts of one entry at one time:\n${text}`);
      runs.push({ token, retryCount: Number(retryCount) });
      inProgress = token;
    } else {
      assert.equal(inProgress, token, `a restart script ended that had not begun:\n${text}`);
      inProgress = undefined;
    }
  }
  return runs;
}
