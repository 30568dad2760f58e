// What surrounds a restart script, with the built pcheck: what it does not inherit, and the file that takes its
// output.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

/** A workspace whose pcheck is started by a shell that first does this. */
function startedBy(t: TestContext, first: string): Workspace {
  return { ...createWorkspace(t), prefix: ['/bin/sh', '-c', `${first} "$0" "$@"`] };
}

test('a script inherits no ignored or blocked signal, nor a raised priority; what holds the service back too stays', async (t) => {
  const workspace = startedBy(
    t,
    'trap "" PIPE HUP QUIT USR1; umask 027; echo 300 >/proc/self/oom_score_adj; ulimit -Sn 100; exec nice -n -5',
  );
  const script = [
    'grep -E "^Sig(Blk|Ign)" /proc/$$/status | tr -d "\\t"',
    'echo nice $(cut -d" " -f19 /proc/$$/stat)',
    'echo oom $(cat /proc/$$/oom_score_adj)',
    'echo files $(ulimit -Sn)',
    'echo umask $(umask)',
    'echo done',
  ].join('\n');
  const pfile = oneEntry(workspace, script, '1:continue:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  const output = workspace.path('out/dump.1.out');
  await until(
    'the script has written',
    () => existsSync(output) && /done/.test(readFileSync(output, 'utf8')),
  );
  assert.deepEqual(readFileSync(output, 'utf8').trimEnd().split('\n'), [
    'SigBlk:0000000000000000',
    'SigIgn:0000000000000000',
    'nice 0',
    'oom 300',
    'files 100',
    'umask 0027',
    'done',
  ]);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('a script gets nothing of what pcheck was started with but its environment, umask, priority and limits', async (t) => {
  // A pipe as standard input, descriptors 9 and 42 open, a folder of its own, a limit and a lower priority. Not
  // by sh, which need not know descriptors of two digits.
  const first =
    'test -p "$SCENARIO_WORKSPACE/in" || mkfifo "$SCENARIO_WORKSPACE/in"; exec 0<>"$SCENARIO_WORKSPACE/in" 9</etc/passwd 42</etc/passwd; cd /tmp; umask 037; ulimit -Sn 200';
  const workspace: Workspace = {
    ...createWorkspace(t),
    prefix: ['bash', '-c', `${first}; exec nice -n 3 "$0" "$@"`],
  };
  const inherited = {
    NODE_ENV: 'x',
    NODE_EXTRA_CA_CERTS: '/x',
    LISTEN_FDS: '1',
    LISTEN_PID: '1',
    WATCHDOG_USEC: '600000000',
    INVOCATION_ID: 'x',
    JOURNAL_STREAM: '1:2',
    NOTIFY_SOCKET: '/nowhere',
    HOME: '/home/x',
    JAVA_HOME: '/jdk',
    NODENAME: 'a name of the operator’s own',
  };
  const { path } = workspace;
  const script = [
    'echo run',
    // As it is: a pipe or redirection would be among them.
    'ls -l /proc/$$/fd',
    'echo cwd $(pwd -P)',
    'echo session $$ $(cut -d" " -f5,6 /proc/$$/stat)',
    'echo nice $(cut -d" " -f19 /proc/$$/stat)',
    'echo files $(ulimit -Sn)',
    'echo umask $(umask)',
    'env | grep -E "^(NODE_|NODENAME|LISTEN|WATCHDOG|INVOCATION|JOURNAL|NOTIFY|HOME|JAVA|PSAVER_NOFILE)" | sort',
    'echo done',
  ].join('\n');
  const pfile = oneEntry(workspace, script, '2:continue:start_wait=0:restart_interval=0');
  const environment = { ...workspace.environment, ...inherited };
  // Two pchecks, each with two runs, each behind the ones before.
  for (let count = 0; count < 2; count++) {
    const running = startPcheck({ ...workspace, environment }, ['-f', pfile, '--no-syslog']);
    await running.logged(/RETRY_OVER/);
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
  }
  const text = readFileSync(path('out/dump.1.out'), 'utf8');
  const output = path('out/dump.1.out');
  const run = [
    'run',
    'fd 0 /dev/null',
    `fd 1 ${output}`,
    `fd 2 ${output}`,
    'cwd /',
    'session P P P',
    'nice 3',
    'files 200',
    'umask 0037',
    'HOME=/home/x',
    'JAVA_HOME=/jdk',
    'NODENAME=a name of the operator’s own',
    'done',
  ];
  assert.deepEqual(
    text
      .replace(/^session (\d+) \1 \1$/gm, 'session P P P')
      .replace(/^(total .*|.*start\.sh)\n/gm, '')
      .replace(/^l.* (\d+) -> /gm, 'fd $1 ')
      .trimEnd()
      .split('\n'),
    [...run, ...run, ...run, ...run],
  );
});

test('a FIFO in the place of the output file is not waited for: it is told, and the restart comes all the same', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, `echo hello\n${STARTS_SERVICE}`, '3:exit:start_wait=1');
  const output = workspace.path('out/dump.1.out');
  execFileSync('mkfifo', [output]);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  const [, lost] = running.messages();
  assert.equal(
    lost,
    `(${workspace.folder}/service) output of the restart script is lost: ${output}: not a regular file (ENXIO)`,
  );
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('an output file of more than 1 MiB is cut to its end, the service that writes to it goes on', async (t) => {
  const workspace = createWorkspace(t);
  const script = `seq 200000\necho the last line\n${STARTS_SERVICE}`;
  // No full check while the script writes: what is written during a cut may be lost.
  const pfile = oneEntry(workspace, script, '3:exit:start_wait=1', 60);
  const output = workspace.path('out/dump.1.out');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  await until('the file is short', () => statSync(output).size <= 256 * 1024 + 200);
  assert.match(readFileSync(output, 'utf8'), /199999\n200000\nthe last line\n$/);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});
