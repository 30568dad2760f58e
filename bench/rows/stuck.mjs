// Death to script when nothing that pcheck writes to takes anything: the disk of the dump file is frozen,
// syslog does not read, standard error is a full pipe. And the end at retry-over, which must not wait for
// them either.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { startCrowd } from '../stage/crowd.mjs';
import { mountFreezable } from '../stage/frozen-disk.mjs';
import { writePfile } from '../stage/pcheck.mjs';
import { figure, milliseconds, number, spread } from '../stage/result.mjs';
import { summary } from '../stage/statistics.mjs';
import { endChild, hasEnded, lineProgram, startChild } from '../stage/tools.mjs';
import { until, within } from '../stage/waiting.mjs';

const NEEDS = ['/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze', '/dev/loop-control'];
const MILLISECONDS_MAX = 5;
const END_MILLISECONDS_MAX = 1000;
const END_SECONDS = 20;

export const stuck = {
  name: 'stuck',
  async run(stage) {
    const missing = NEEDS.filter((path) => !existsSync(path));
    if (process.getuid() !== 0 || missing.length > 0) {
      console.error(`stuck is left out: it needs root and ${NEEDS.join(', ')}`);
      return [];
    }
    const { pids } = stage.holds(startCrowd(stage, '/usr/lib/bench/stuck-', 1));
    const [[name, first]] = pids;
    const disk = await mountFreezable(stage);
    const { pfile, folder, record } = writePfile(stage, [name], {
      retry: stage.times,
      dumpFolder: disk.folder,
    });
    const child = startDeaf(stage, folder, pfile);
    const log = `${folder}/log.json`;
    stage.holds({
      end: () => endChild(child, () => child.kill('SIGKILL')),
      tell: () => `pcheck ${child.pid}: ${lastLines(log)}`,
    });
    await until('the process is Up', () => countUps(log) >= 1);
    await disk.freeze();
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const taken = [];
    let pid = first;
    for (let round = 0; round < stage.times; round++) {
      const killedAt = BigInt(await killer.ask(String(pid)));
      const start = await until(`start ${round + 1} after a death`, () => record.find(name, round));
      taken.push(Number(start.at - killedAt) / 1e6);
      pid = start.pid;
      await until(`Up after start ${round + 1}`, () => countUps(log) >= round + 2);
    }
    if (hasEnded(child)) throw new Error('pcheck has ended too early');
    const ended = once(child, 'exit');
    const begin = performance.now();
    await killer.ask(String(pid));
    const [status] = (await within(ended, END_SECONDS)) ?? ['none'];
    return [deathRow(summary(taken)), endRow(performance.now() - begin, status)];
  },
};

function deathRow(all) {
  return {
    row: 'death to script, everything stuck',
    measured: milliseconds(all.median),
    spread: `${spread(all, milliseconds)}, p95 ${milliseconds(all.p95)}`,
    beside: 'frozen disk, deaf syslog, full standard error',
    target: `< ${MILLISECONDS_MAX} ms`,
    isMet: all.median < MILLISECONDS_MAX,
    figures: [
      figure('death to script, everything stuck', all.median, milliseconds),
      figure('death to script, everything stuck, p95', all.p95, milliseconds),
    ],
  };
}

function endRow(taken, status) {
  return {
    row: 'death to the end of pcheck at retry-over, everything stuck',
    measured: milliseconds(taken),
    spread: `status ${status}`,
    beside: '',
    target: '≤ 1 s, status 1',
    isMet: taken <= END_MILLISECONDS_MAX && status === 1,
    figures: [
      figure('everything stuck: death to the end of pcheck', taken, milliseconds),
      figure('everything stuck: ends that are not 1', status === 1 ? 0 : 1, number),
    ],
  };
}

// A /dev of its own: the machine's /dev/log is not touched.
const PRIVATE_DEV = `
set -e
mkdir -p "$1/dev"
mount -t tmpfs -o mode=0755 bench "$1/dev"
for name in null zero random urandom; do
  : >"$1/dev/$name"
  mount --bind "/dev/$name" "$1/dev/$name"
done
ln -s /proc/self/fd "$1/dev/fd"
mount --rbind "$1/dev" /dev
shift
exec "$@"
`;

function startDeaf(stage, folder, pfile) {
  const pcheck = [stage.build.pcheck, '-f', pfile, '--json-log', `${folder}/log.json`];
  const pipe = fullPipe(folder);
  const child = startChild(
    'unshare',
    ['--mount', '/bin/sh', '-c', PRIVATE_DEV, 'private-dev', folder, stage.tools.deaf, '/dev/log', ...pcheck],
    { stdio: ['ignore', 'ignore', pipe] },
  );
  closeSync(pipe);
  return child;
}

/** A FIFO is a pipe that both ends of can be had in one process. */
function fullPipe(folder) {
  execFileSync('mkfifo', [`${folder}/stderr`]);
  const pipe = openSync(`${folder}/stderr`, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (;;) writeSync(pipe, Buffer.alloc(4096));
  } catch {
    // EAGAIN: it is full.
  }
  return pipe;
}

function countUps(path) {
  return textOf(path).split('"id":"up"').length - 1;
}

function lastLines(path) {
  return textOf(path).trim().split('\n').slice(-3).join(' / ');
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // ENOENT: it has not begun.
    return '';
  }
}
