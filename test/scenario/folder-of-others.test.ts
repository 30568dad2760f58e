// SHM_DUMP_FILE in a folder of the service's user, who lays in it what root should write to: pcheck writes its own files
// and nothing else, and goes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, pcheck, type RunningPcheck, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const NOBODY = 65534;
const skip = process.getuid?.() !== 0 && 'needs root';
/** Whatever this kernel forbids in sticky directories, the folder is an ordinary one here. */
const SHARED = /others may write to .*\/out, the folder of SHM_DUMP_FILE \(uid 65534, drwxr-xr-x\)/;

type Stage = {
  readonly workspace: Workspace;
  readonly pfile: string;
  /** In the folder, as its owner. */
  attack(script: string): void;
  /** What nobody but root may write to. */
  readonly victim: string;
  readonly victimFolder: string;
};

/** Everybody may come as far as the folder. */
function createStage(t: TestContext): Stage {
  const workspace = createWorkspace(t);
  const script = `echo "output of run $PSAVER_RUN"; ${STARTS_SERVICE}`;
  const pfile = oneEntry(workspace, script, '9:exit:restart_interval=0:start_wait=1');
  chmodSync(workspace.folder, 0o755);
  chownSync(workspace.path('out'), NOBODY, NOBODY);
  mkdirSync(workspace.path('root'), { mode: 0o755 });
  return {
    workspace,
    pfile,
    victim: workspace.write('victim', 'precious\n', 0o600),
    victimFolder: workspace.path('root'),
    // pcheck may have put a file of its own there first.
    attack(text) {
      execFileSync(
        'setpriv',
        ['--reuid=65534', '--regid=65534', '--clear-groups', '/bin/sh', '-c', `${text}\ntrue`],
        {
          cwd: workspace.path('out'),
          env: { ...process.env, VICTIM: workspace.path('victim'), FOLDER: workspace.path('root') },
        },
      );
    },
  };
}

function isUntouched({ victim, victimFolder }: Stage): void {
  assert.equal(readFileSync(victim, 'utf8'), 'precious\n');
  assert.deepEqual(readdirSync(victimFolder), []);
}

function start({ workspace, pfile }: Stage): RunningPcheck {
  return startPcheck(workspace, ['-f', pfile, '--no-syslog']);
}

/** Whatever lies in the folder: the service is restarted, the dump written, and the end is an ordinary one. */
async function goesOn(stage: Stage, running: RunningPcheck, ups: number): Promise<void> {
  const { workspace, pfile } = stage;
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  await running.logged(/Up/, ups);
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop').status, 0);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  isUntouched(stage);
}

async function dumpSays(stage: Stage, monitoring: 'on' | 'off'): Promise<void> {
  await until(`the dump says ${monitoring}`, () => {
    const { status, stdout } = padmin(stage.workspace, '-f', stage.pfile, '-c', 'show', 'pent', '--last');
    return status === 0 && stdout.includes(`monitor_sts     = ${monitoring}`);
  });
}

describe('in a folder of the service’s user', { skip, concurrency: 2 }, () => {
  test('pcheck starts, with a warning, writes, and its files are root’s', async (t) => {
    const stage = createStage(t);
    const { status, stdout, stderr } = pcheck(stage.workspace, '-t', '-f', stage.pfile);
    assert.deepEqual([status, SHARED.test(stderr)], [0, true], stdout + stderr);
    const running = start(stage);
    await running.logged(SHARED);
    await running.logged(/Up/);
    await dumpSays(stage, 'on');
    await goesOn(stage, running, 2);
    await dumpSays(stage, 'off');
    const out = stage.workspace.path('out');
    assert.deepEqual(readdirSync(out).sort(), ['dump', 'dump.1.out', 'dump.verdict']);
    for (const name of readdirSync(out)) assert.equal(lstatSync(`${out}/${name}`).uid, 0, name);
    assert.match(readFileSync(`${out}/dump.1.out`, 'utf8'), /output of run/);
    assert.equal(running.messages().filter((line) => SHARED.test(line)).length, 1);
  });

  const LAID: readonly (readonly [what: string, script: string])[] = [
    [
      'links to a file of root’s, in every place',
      'for name in dump dump.1.out dump.verdict dump.lock dump.new; do ln -sf "$VICTIM" $name; done',
    ],
    [
      'links into a directory of root’s, in every place',
      'for name in dump dump.1.out dump.verdict dump.lock; do rm -f $name; ln -s "$FOLDER" $name; done',
    ],
    [
      'links to what is not there yet',
      'for name in dump dump.1.out dump.verdict dump.lock; do ln -sf "$FOLDER/new" $name; done',
    ],
    ['FIFOs', 'rm -f dump*; mkfifo dump dump.1.out dump.verdict dump.lock'],
    ['directories', 'rm -f dump*; mkdir dump dump.1.out dump.verdict dump.lock'],
    ['files of their own', 'rm -f dump*; echo mine | tee dump dump.1.out dump.verdict dump.lock'],
  ];
  for (const [what, script] of LAID) {
    test(`${what}: none is written to, before the start and while pcheck runs`, async (t) => {
      const stage = createStage(t);
      stage.attack(script);
      const first = start(stage);
      await first.logged(/Up/);
      await goesOn(stage, first, 2);
      const out = stage.workspace.path('out');
      execFileSync('rm', ['-rf', `${out}/dump`, `${out}/dump.1.out`, `${out}/dump.verdict`]);
      const second = start(stage);
      await second.logged(/Up/);
      await until('all files are there', () => readdirSync(out).includes('dump.verdict'));
      stage.attack(script);
      await goesOn(stage, second, 2);
    });
  }

  test('a further name of a file of root’s is not written to', async (t) => {
    const stage = createStage(t);
    // Where the kernel lets everybody make one (fs.protected_hardlinks).
    execFileSync('ln', [stage.victim, stage.workspace.path('out/dump.1.out')]);
    const running = start(stage);
    await running.logged(/output of the restart script is lost: .*dump\.1\.out: it has a further name/);
    await running.logged(/Up/);
    await goesOn(stage, running, 2);
  });

  test('the folder itself, replaced by a link, is told of once, and nothing is written where it leads', async (t) => {
    const stage = createStage(t);
    const { workspace, victimFolder } = stage;
    mkdirSync(workspace.path('home'));
    renameSync(workspace.path('out'), workspace.path('home/out'));
    chownSync(workspace.path('home'), NOBODY, NOBODY);
    const text = readFileSync(stage.pfile, 'utf8').replace(
      /^SHM_DUMP_FILE .*/m,
      `SHM_DUMP_FILE ${workspace.path('home/out/dump')}`,
    );
    writeFileSync(stage.pfile, text);
    const running = start(stage);
    await running.logged(/Up/);
    await dumpSays(stage, 'on');
    rmSync(workspace.path('home/out'), { recursive: true });
    symlinkSync(victimFolder, workspace.path('home/out'));
    lchownSync(workspace.path('home/out'), NOBODY, NOBODY);
    await goesOn(stage, running, 2);
    const refused = /home\/out is a link of uid 65534, which is not followed/;
    const told = running.messages().filter((line) => refused.test(line));
    assert.equal(new Set(told).size, told.length, told.join('\n'));
    assert.ok(told.some((line) => line.startsWith('cannot write the dump file')));
    // A pfile that started before starts still.
    const { status, stderr } = pcheck(workspace, '-t', '-f', stage.pfile);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /warning: nothing is written to .*home\/out, the folder of SHM_DUMP_FILE: .*not followed/,
    );
    const again = start(stage);
    await again.logged(/Up/);
    await goesOn(stage, again, 2);
  });

  test('the link beside the dump file leads to the verdict again at the next start', async (t) => {
    const stage = createStage(t);
    stage.attack('ln -s /etc/passwd dump.verdict');
    const running = start(stage);
    await running.logged(/Up/);
    const link = stage.workspace.path('out/dump.verdict');
    await until('it is the verdict', () => readlinkSync(link) === stage.workspace.verdict);
    await goesOn(stage, running, 2);
  });

  test('who lays links as fast as they can under every name that turns up gains nothing', async (t) => {
    const stage = createStage(t);
    const running = start(stage);
    await running.logged(/Up/);
    const racer = [
      'end=$(($(date +%s) + 4))',
      'while [ "$(date +%s)" -lt $end ]; do',
      '  for name in psaver-*.new dump dump.1.out; do',
      '    [ "$name" = "psaver-*.new" ] || { rm -f "$name"; ln -s "$VICTIM" "$name"; }',
      '  done',
      'done 2>/dev/null',
    ].join('\n');
    const changes = setInterval(() => {
      padmin(stage.workspace, '-f', stage.pfile, '-c', 'stop');
      padmin(stage.workspace, '-f', stage.pfile, '-c', 'start');
    }, 300);
    try {
      stage.attack(racer);
    } finally {
      clearInterval(changes);
    }
    await goesOn(stage, running, 2);
  });
});
