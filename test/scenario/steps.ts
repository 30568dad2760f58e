// The steps of a scenario, a line each:
//   run WORDS             runs a program of the folder (the service's start) and waits for its end
//   pcheck                starts pcheck on the folder's pfile
//   logged N TEXT         waits until N of pcheck's messages hold TEXT
//   shows KEY=VALUE       waits until padmin shows that for the first entry
//   kill [SIGNAL]         sends a signal (SIGKILL) to the process that padmin shows
//   padmin STATUS WORDS   runs padmin -f pfile -c WORDS and expects its exit status
//   signal NAME           sends a signal to pcheck
//   ends STATUS           waits until pcheck has ended, with this status
//   left N                waits until N processes that the scenario started run
//   runs N COMMAND LINE   waits until N of them are this program: a fork that has not come to its exec is not
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { padmin, type RunningPcheck, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { commandLineOf, startedFrom, type Workspace } from '../harness/workspace.ts';

/** All messages that pcheck logged. */
export async function runSteps(workspace: Workspace, steps: readonly string[]): Promise<string[]> {
  const pfile = workspace.path('pfile');
  let running: RunningPcheck | undefined;
  function pcheck(): RunningPcheck {
    assert.ok(running !== undefined, 'a step before `pcheck` needs it');
    return running;
  }
  for (const step of steps.filter((line) => line.trim() !== '' && !line.startsWith('#'))) {
    const [verb = '', ...words] = step.trim().split(' ');
    switch (verb) {
      case 'run':
        runOf(workspace, words);
        break;
      case 'pcheck':
        running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
        await running.logged(/started/);
        break;
      case 'logged':
        await pcheck().logged(new RegExp(escaped(words.slice(1).join(' '))), Number(words[0]));
        break;
      case 'shows':
        await untilShown(workspace, pfile, words.join(' '));
        break;
      case 'kill':
        process.kill(shownPid(workspace, pfile), (words[0] ?? 'SIGKILL') as NodeJS.Signals);
        break;
      case 'padmin': {
        const { status, stderr } = padmin(workspace, '-f', pfile, '-c', ...words.slice(1));
        assert.equal(status, Number(words[0]), stderr);
        break;
      }
      case 'signal':
        // A scenario names a signal as Node does.
        pcheck().signal(words[0] as NodeJS.Signals);
        break;
      case 'ends': {
        const { ended, stderr } = pcheck();
        let status: number | string | undefined;
        void ended.then((value) => {
          status = value;
        });
        await until(`pcheck has ended; it wrote:\n${stderr()}`, () => status !== undefined);
        assert.equal(String(status), words[0], stderr());
        break;
      }
      case 'left':
        await until(
          `${words[0]} processes are left`,
          () => startedFrom(workspace).length === Number(words[0]),
        );
        break;
      case 'runs':
        await until(
          `${words[0]} × ${words.slice(1).join(' ')} run`,
          () => runningAs(workspace, words.slice(1).join(' ')) === Number(words[0]),
        );
        break;
      default:
        assert.fail(`no such step: ${step}`);
    }
  }
  return pcheck().messages();
}

function runOf(workspace: Workspace, [program = '', ...words]: readonly string[]): void {
  // No pipe: the service that it leaves behind would keep it open.
  const { status, error } = spawnSync(workspace.path(program), words, {
    env: workspace.environment,
    cwd: workspace.folder,
    stdio: 'ignore',
  });
  assert.equal(status, 0, `${program}: ${error?.message ?? 'failed'}`);
}

/** How many processes of the workspace have this command line; the folder of their program does not count. */
function runningAs(workspace: Workspace, commandLine: string): number {
  return startedFrom(workspace).filter((pid) => {
    const words = commandLineOf(pid);
    return words === commandLine || words.endsWith(`/${commandLine}`);
  }).length;
}

async function untilShown(workspace: Workspace, pfile: string, pair: string): Promise<void> {
  const at = pair.indexOf('=');
  let shown: string | undefined;
  await until(`padmin shows ${pair}`, () => {
    shown = showPent(workspace, pfile)[pair.slice(0, at)];
    return shown === pair.slice(at + 1);
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows ${shown}`);
  });
}

function shownPid(workspace: Workspace, pfile: string): number {
  const pid = Number(showPent(workspace, pfile)['pid']);
  assert.ok(pid > 0, 'padmin shows a process');
  return pid;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
