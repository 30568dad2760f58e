// Writes the dump file through a short-lived child: a disk that is full or stuck holds up that child and
// nothing else, not even the end of pcheck (a thread stuck in I/O would).
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { errorCode } from '../errors.ts';
import type { DumpFile } from '../types.ts';

// Write, fsync, rename; mode 0600. A text that broke off because pcheck ended is not taken for a whole one.
const SCRIPT = `
umask 077
new=$0.new$$
trap 'rm -f "$new"' EXIT
cat >"$new" && [ "$(wc -c <"$new")" -eq "$1" ] && sync "$new" && mv -f "$new" "$0"`;
const COMPLAINT_BYTES = 300;

export function createDumpFile(path: string): DumpFile {
  return {
    write(text, onEnd) {
      let child: ChildProcessByStdio<Writable, null, Readable>;
      try {
        child = startWriter(path, Buffer.byteLength(text));
      } catch (error) {
        // EMFILE, EAGAIN, ENOMEM: thrown instead of emitted.
        onEnd(errorCode(error));
        return;
      }
      let complaint = '';
      let isEnded = false;
      function end(error: string | undefined): void {
        if (isEnded) return;
        isEnded = true;
        onEnd(error);
      }
      child.on('error', (error) => end(errorCode(error)));
      // EMFILE, EAGAIN: the error comes, but there are no streams, whatever the types say.
      if (child.pid === undefined) return;
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        complaint = (complaint + chunk).slice(0, COMPLAINT_BYTES);
      });
      child.on('close', (status) => end(status === 0 ? undefined : complaint.trim() || `status ${status}`));
      // EPIPE, when the child ends before it has read all: its status tells.
      child.stdin.on('error', () => undefined);
      child.stdin.end(text);
      child.unref();
    },
  };
}

function startWriter(path: string, bytes: number): ChildProcessByStdio<Writable, null, Readable> {
  return spawn('/bin/sh', ['-c', SCRIPT, path, String(bytes)], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, PATH: '/usr/bin:/bin' },
  });
}
