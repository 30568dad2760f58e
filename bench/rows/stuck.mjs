// Death to script when nothing that pcheck writes to takes anything: the disk of the dump file is frozen, syslog does
// not read, standard error is a full pipe. And the end at retry-over, which must not wait for them either.
import { execFileSync, spawn } from 'node:child_process';
import { constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { startCrowd } from '../stage/crowd.mjs';
import { writePfile } from '../stage/pcheck.mjs';
import { milliseconds, spread } from '../stage/result.mjs';
import { summary } from '../stage/statistics.mjs';
import { endChild, lineProgram } from '../stage/tools.mjs';
import { until } from '../stage/waiting.mjs';

const NEEDS = ['/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze', '/dev/loop-control'];
const MILLISECONDS_MAX = 5;
const END_MILLISECONDS_MAX = 1000;

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
    const disk = stage.holds(await mountDisk(stage));
    const { pfile, folder, record } = writePfile(stage, [name], {
      retry: stage.repetitions,
      dumpFolder: disk.folder,
    });
    const child = startDeaf(stage, folder, pfile);
    stage.holds({ end: () => endChild(child, () => child.kill('SIGKILL')) });
    const ups = () => countUps(`${folder}/log.json`);
    await until('the process is Up', () => ups() >= 1);
    await disk.freeze();
    const killer = stage.holds(lineProgram(stage.tools.killer, []));
    const taken = [];
    let pid = first;
    for (let round = 0; round < stage.repetitions; round++) {
      const killedAt = BigInt(await killer.ask(String(pid)));
      const start = await until('it is started again', () => record.find(name, round));
      taken.push(Number(start.at - killedAt) / 1e6);
      pid = start.pid;
      await until('it is Up again', () => ups() >= round + 2);
    }
    const ended = new Promise((done) =>
      child.once('exit', (status) => done({ status, at: performance.now() })),
    );
    const begin = performance.now();
    await killer.ask(String(pid));
    const { status, at } = await ended;
    return [deathRow(summary(taken)), endRow(at - begin, status)];
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
  };
}

// Ends when its standard input does, so that nothing stays frozen or mounted.
const HOLDER = `
set -e
truncate -s 8M "$1/image"
mkfs.ext4 -q "$1/image"
mkdir -p "$1/disk"
mount -o loop "$1/image" "$1/disk"
trap 'fsfreeze -u "$1/disk"; umount -l "$1/disk"' EXIT
trap exit TERM INT HUP
echo mounted
read -r _
fsfreeze -f "$1/disk"
echo frozen
read -r _ || :
`;

async function mountDisk(stage) {
  const folder = stage.folder('stuck');
  const holder = lineProgram('/bin/sh', ['-c', `read -r _\n${HOLDER}`, 'holder', folder]);
  await holder.ask('mount');
  return { folder: `${folder}/disk`, freeze: () => holder.ask('freeze'), end: holder.end };
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
  const pcheck = [resolve('bin/pcheck'), '-f', pfile, '--json-log', `${folder}/log.json`];
  return spawn(
    'unshare',
    ['--mount', '/bin/sh', '-c', PRIVATE_DEV, 'private-dev', folder, stage.tools.deaf, '/dev/log', ...pcheck],
    { stdio: ['ignore', 'ignore', fullPipe(folder)] },
  );
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
  try {
    return readFileSync(path, 'utf8').split('"id":"up"').length - 1;
  } catch {
    // ENOENT: it has not begun.
    return 0;
  }
}
