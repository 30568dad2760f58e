// Writes the dump file through a short-lived child: a disk that is full or stuck holds up that child and nothing else,
// not even the end of pcheck (a thread stuck in I/O would). In its folder others may lay what they like: nothing there is
// followed or written over.
import { randomBytes } from 'node:crypto';
import { closeSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { DumpFile, DumpListener } from '../types.ts';
import type { DumpFolder } from './files/dump-folder.ts';
import type { OpenFolder } from './files/folder-walk.ts';
import type { PlainCalls } from './libc/plain-calls.ts';
import type { RunShell } from './scripts/run-shell.ts';

/**
 * In the folder: a new file of a name that nobody knows before (O_CREAT, O_EXCL, O_NOFOLLOW; mode 0600), fsync, then
 * rename(2), which replaces whatever lies there, but no directory. What those before it have left is cleared away.
 */
const SCRIPT = `
umask 077
file=$1
shift
trap 'rm -f -- "$@"' EXIT
dd of="$1" bs=1M iflag=fullblock conv=excl,fsync oflag=nofollow status=none && mv -fT -- "$1" "$file"`;

/** A child that writes, or hangs. */
type Writer = { readonly newName: string; end(): void };

export function createDumpFile(
  folder: DumpFolder,
  name: string,
  runShell: RunShell,
  { memoryFile }: Pick<PlainCalls, 'memoryFile'>,
): DumpFile {
  let latest: DumpListener | undefined;
  let current: Writer | undefined;
  /** What writers that were killed may have left behind. */
  let left: readonly string[] = [];

  function begin(opened: OpenFolder, stdin: number, on: DumpListener): void {
    // It hangs, and what it writes is older.
    if (current !== undefined) left = [...left, current.newName];
    current?.end();
    const newName = randomName();
    const run = runShell(
      {
        text: SCRIPT,
        words: [name, newName, ...left],
        stdin,
        directory: opened.descriptor,
        release() {
          opened.close();
          closeSync(stdin);
        },
      },
      {
        started: () => on.started?.(),
        ended(error) {
          if (current === writer) current = undefined;
          if (error === undefined) left = [];
          on.ended(error);
        },
      },
    );
    const writer: Writer = {
      newName,
      end() {
        run.giveUp();
        if (run.pid() > 0) killGroup(run.pid());
      },
    };
    current = writer;
  }

  return {
    write(text, on) {
      latest = on;
      folder.open(undefined, (found) => {
        if (!('descriptor' in found)) {
          on.ended(found.text);
          return;
        }
        const stdin = on === latest ? fileOf(text, memoryFile) : { error: 'a later one takes its place' };
        if (typeof stdin === 'number') {
          begin(found, stdin, on);
          return;
        }
        found.close();
        on.ended(stdin.error);
      });
    },
  };
}

const RANDOM_BYTES = 8;

function randomName(): string {
  return `psaver-${randomBytes(RANDOM_BYTES).toString('hex')}.new`;
}

/** In memory, to be read from its beginning. */
function fileOf(text: string, memoryFile: PlainCalls['memoryFile']): number | { readonly error: string } {
  let descriptor: number | undefined;
  try {
    descriptor = memoryFile('dump');
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
    return descriptor;
  } catch (error) {
    // EMFILE, ENOMEM, EFBIG.
    if (descriptor !== undefined) closeSync(descriptor);
    return { error: errorCode(error) };
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended.
  }
}
