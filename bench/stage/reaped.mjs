// Runs the bench once more below bench/floor/reaper.c, in a folder and, as root, with a /run of its own: what
// is killed is gone at once, and however the bench ends, no process, file or mount of it is left.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { compileFloor } from './tools.mjs';

const HOME = 'PSAVER_BENCH_HOME';

/** The folder that the outer bench has made, with the compiled tools; undefined in the outer one itself. */
export function homeBelowReaper() {
  return process.env[HOME];
}

export async function runBelowReaper() {
  const home = mkdtempSync(`${tmpdir()}/psaver-bench-`);
  // Another user starts a program in it.
  chmodSync(home, 0o711);
  try {
    const { reaper } = compileFloor(`${home}/tools`);
    // It would cost every Node that is started 38 ms.
    const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...environment } = process.env;
    const words = [...withOwnRun(), process.execPath, ...process.argv.slice(1)];
    const env = { ...environment, ...runtimeFolderIn(home), [HOME]: home };
    const child = spawn(reaper, words, { stdio: 'inherit', env });
    // The reaper passes it on, and ends what is left.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
    const [status] = await once(child, 'exit');
    return status ?? 1;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** pcheck keeps its record, socket and verdict there, in memory; none of the bench's stay behind. */
function withOwnRun() {
  if (process.getuid() !== 0) return [];
  if (spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status !== 0) {
    console.error('no mount namespaces here: what a pcheck that is killed leaves in /run stays there');
    return [];
  }
  const mount = 'mount -t tmpfs -o mode=755 psaver-bench /run && exec "$0" "$@"';
  return ['unshare', '--mount', '/bin/sh', '-c', mount];
}

/** Where pcheck keeps these for another user than root. */
function runtimeFolderIn(home) {
  if (process.getuid() === 0) return {};
  mkdirSync(`${home}/run`, { mode: 0o700 });
  return { XDG_RUNTIME_DIR: `${home}/run` };
}
