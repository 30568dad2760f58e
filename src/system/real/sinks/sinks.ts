// The ways out for log lines, none of which blocks or ends pcheck: syslog datagrams, standard error, a file. What may
// hang is written by a child (child-outlet.ts); pipes, devices and sockets, which need not wait, by pcheck itself.
import { closeSync, constants, fstatSync, openSync, readlinkSync } from 'node:fs';
import type { Clock, LineSink, ProcTable } from '../../types.ts';
import type { Kernel, LibcCalls } from '../kernel.ts';
import { errnoName } from '../libc/koffi.ts';
import { createStartAppendChild } from './append-child.ts';
import { createChildOutlet } from './child-outlet.ts';
import { openDatagram } from './datagram.ts';
import { createFileSink, type FileSink, type FileSinkParts } from './file-sink.ts';
import { type ChooseOutlet, createLookedOutlet, type OutletNews } from './looked-outlet.ts';
import { createDirectOutlet, createReopeningOutlet, type Outlet, writerTo } from './outlet.ts';
import { createQueuedSink } from './queued-sink.ts';

export type SinkSystem = {
  readonly kernel: Pick<Kernel, 'pipe' | 'memoryFile' | 'programs' | 'lookAtPath' | 'sendNow'>;
  readonly clock: Clock;
  readonly proc: Pick<ProcTable, 'read'>;
};

type Messages = Pick<FileSinkParts, 'dropped' | 'tell'>;

/** Datagrams to a syslog daemon's socket, also one that is absent or restarted meanwhile. */
export function createDatagramSink(
  clock: Clock,
  kernel: LibcCalls,
  path: string,
  dropped: (count: number) => string,
): LineSink {
  const { write, flush } = createQueuedSink(clock, openDatagram(kernel, path), dropped);
  return {
    write,
    flush,
    reopen: () => undefined,
    // A daemon that is absent would keep every pcheck from ending.
    close(done) {
      flush();
      done();
    },
  };
}

const STDOUT = 1;
const STDERR = 2;

/** Lines to standard error of any kind; a closed one drops them. One that is a file is that of its name after a `reopen`. */
export function createStderrSink(system: SinkSystem, messages: Messages): FileSink {
  const { clock, kernel } = system;
  let rotatedPath: string | undefined;

  function choose(news: OutletNews): ChooseOutlet {
    return (found) => {
      // Not because it is not there: at the next try there may be room for a thread.
      if (found.is === 'unreadable') return found.error;
      if (found.is === 'missing') return createDirectOutlet(writerTo(STDERR));
      closeSync(found.descriptor);
      if (found.is === 'socket') return socketOutlet(system, STDERR);
      if (found.is !== 'file') return withoutBlocking();
      rotatedPath ??= pathOf(STDERR);
      return childOutlet(system, { descriptor: STDERR }, news);
    };
  }

  return createFileSink({
    clock,
    ...messages,
    open: (isFirst, news) =>
      isFirst || rotatedPath === undefined
        ? createLookedOutlet(clock, kernel.lookAtPath, pathTo(STDERR), choose(news), news)
        : createPathOutlet(system, rotatedPath, news),
  });
}

/** Lines to what lies at a path, made as a file where nothing does. */
export function createPathSink(system: SinkSystem, path: string, messages: Messages): FileSink {
  const { clock } = system;
  return createFileSink({ clock, ...messages, open: (_, news) => createPathOutlet(system, path, news) });
}

function createPathOutlet(system: SinkSystem, path: string, news: OutletNews): Outlet {
  const choose: ChooseOutlet = (found) => {
    if (found.is === 'unreadable') return found.error;
    if (found.is === 'missing') return found.folderError ?? childOutlet(system, { path }, news);
    const { descriptor } = found;
    const close = () => closeSync(descriptor);
    const socket = found.is === 'socket' ? standardSocket(found.inode) : undefined;
    const error = found.is === 'directory' ? 'EISDIR' : found.writeError;
    if (error !== undefined || (found.is === 'socket' && socket === undefined)) {
      close();
      return error ?? 'ENXIO';
    }
    if (socket !== undefined) return closing(socketOutlet(system, socket), close);
    if (found.is === 'file') return closing(childOutlet(system, { descriptor }, news), close);
    return createReopeningOutlet(() => openSync(pathTo(descriptor), WITHOUT_BLOCKING), close);
  };
  return createLookedOutlet(system.clock, system.kernel.lookAtPath, path, choose, news);
}

const WITHOUT_BLOCKING = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A description of our own for a pipe or terminal: O_NONBLOCK on the shared one would reach its other users. */
function withoutBlocking(): Outlet {
  try {
    const descriptor = openSync(pathTo(STDERR), WITHOUT_BLOCKING);
    return createDirectOutlet(writerTo(descriptor), () => closeSync(descriptor));
  } catch {
    // ENXIO: its reader has gone; EACCES: another user's terminal.
    return createDirectOutlet(writerTo(STDERR));
  }
}

function socketOutlet({ kernel }: SinkSystem, socket: number): Outlet {
  return createDirectOutlet((bytes) => {
    const sent = kernel.sendNow(socket, bytes);
    return sent < 0 ? errnoName(-sent) : sent;
  });
}

/** A socket cannot be opened by a path; `/dev/stdout` means the one that pcheck has. */
function standardSocket(inode: number): number | undefined {
  return [STDOUT, STDERR].find((descriptor) => linkOf(descriptor) === `socket:[${inode}]`);
}

function childOutlet(
  { kernel, clock, proc }: SinkSystem,
  target: { descriptor: number } | { path: string },
  news: OutletNews,
): Outlet {
  return createChildOutlet(clock, createStartAppendChild(kernel, clock, proc), target, news);
}

function closing(outlet: Outlet, close: () => void): Outlet {
  return {
    ...outlet,
    finish: (done) =>
      outlet.finish(() => {
        close();
        done();
      }),
  };
}

function pathTo(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

/** Where its file lies, unless it has no name any more. */
function pathOf(descriptor: number): string | undefined {
  const link = linkOf(descriptor);
  return link?.startsWith('/') && !link.endsWith(' (deleted)') ? link : undefined;
}

function linkOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(pathTo(descriptor));
  } catch {
    // ENOENT: there is none.
    return undefined;
  }
}

/** Whether standard error leads to the journal: JOURNAL_STREAM names its device and inode (systemd.exec(5)). */
export function stderrIsJournal(journalStream: string | undefined): boolean {
  if (journalStream === undefined) return false;
  try {
    const stat = fstatSync(STDERR);
    return journalStream === `${stat.dev}:${stat.ino}`;
  } catch {
    // EBADF: no stderr.
    return false;
  }
}
