// posix_spawn(3): starts a program without a copy of this process, so that a start costs the same however large
// pcheck is. How its end becomes known is the caller's business.
import { constants } from 'node:os';
import type { ScriptEnd } from '../types.ts';
import { errnoName, type Libc, optional } from './libc/koffi.ts';

export type SpawnCalls = {
  /** Undefined where libc cannot start a session or change the directory in one call. */
  readonly spawner: Spawner | undefined;
};

export type Spawner = {
  /** In a session of its own, cwd `/`, all signals at their defaults; the pid, or the name of the error. */
  spawn(command: {
    readonly path: string;
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** Its environment too; the same object for every program. */
    readonly inherited: Readonly<Record<string, string>>;
    readonly stdin: number;
    readonly output: number;
    /** The soft limit of open files that it gets. */
    readonly openFilesLimit: string | undefined;
  }): number | string;
  /** How a child has ended; undefined while it runs. Asked once more it is gone. */
  reap(pid: number): ScriptEnd | undefined;
};

/** glibc and musl agree on these (spawn.h). */
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;
/** More than any libc's posix_spawnattr_t, posix_spawn_file_actions_t and sigset_t. */
const STRUCT_BYTES = 1024;
const SIGSET_BYTES = 128;
const RLIMIT_NOFILE = 7;
const WNOHANG = 1;

export function spawnCalls(libc: Libc): SpawnCalls {
  const addChdir = optional(libc, 'int posix_spawn_file_actions_addchdir_np(uint8_t *, const char *)');
  const prlimit = optional(libc, 'int prlimit(int, int, const uint8_t *, _Out_ uint8_t *)');
  if (addChdir === undefined || prlimit === undefined) return { spawner: undefined };
  const spawn = libc.func(
    'int posix_spawn(_Out_ int *, const char *, const uint8_t *, const uint8_t *, const char **, const char **)',
  );
  const initActions = libc.func('int posix_spawn_file_actions_init(uint8_t *)');
  const addDup = libc.func('int posix_spawn_file_actions_adddup2(uint8_t *, int, int)');
  const destroyActions = libc.func('int posix_spawn_file_actions_destroy(uint8_t *)');
  const [attributes, actions] = [Buffer.alloc(STRUCT_BYTES), Buffer.alloc(STRUCT_BYTES)];
  libc.func('int posix_spawnattr_init(uint8_t *)')(attributes);
  libc.func('int posix_spawnattr_setflags(uint8_t *, short)')(
    attributes,
    POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF,
  );
  const [noSignal, everySignal] = [Buffer.alloc(SIGSET_BYTES), Buffer.alloc(SIGSET_BYTES, 0xff)];
  libc.func('int posix_spawnattr_setsigmask(uint8_t *, const uint8_t *)')(attributes, noSignal);
  libc.func('int posix_spawnattr_setsigdefault(uint8_t *, const uint8_t *)')(attributes, everySignal);
  const waitpid = libc.func('int waitpid(int, _Out_ int *, int)');
  let known: { readonly of: object; readonly texts: readonly string[] } = { of: {}, texts: [] };
  const [own, lowered] = [Buffer.alloc(16), Buffer.alloc(16)];

  /** A child inherits it at the moment of the call, so the own limit is that low only meanwhile; the hard one stays. */
  function withOpenFilesLimit<Result>(limit: string | undefined, task: () => Result): Result {
    if (limit === undefined || prlimit?.(0, RLIMIT_NOFILE, null, own) !== 0) return task();
    const hard = own.readBigUInt64LE(8);
    const wanted = limit === 'unlimited' ? hard : BigInt(limit);
    lowered.writeBigUInt64LE(wanted < hard ? wanted : hard, 0);
    lowered.writeBigUInt64LE(hard, 8);
    prlimit(0, RLIMIT_NOFILE, lowered, null);
    try {
      return task();
    } finally {
      prlimit(0, RLIMIT_NOFILE, own, null);
    }
  }

  return {
    spawner: {
      spawn({ path, arguments: words, environment, inherited, stdin, output, openFilesLimit }) {
        initActions(actions);
        addDup(actions, stdin, 0);
        addDup(actions, output, 1);
        addDup(actions, output, 2);
        addChdir(actions, '/');
        const argv = [path, ...words, null];
        if (inherited !== known.of) known = { of: inherited, texts: textsOf(inherited) };
        const variables = [...known.texts, ...textsOf(environment), null];
        const pid = [0];
        const error: number = withOpenFilesLimit(openFilesLimit, () =>
          spawn(pid, path, actions, attributes, argv, variables),
        );
        destroyActions(actions);
        return error === 0 ? (pid[0] ?? 0) : errnoName(error);
      },
      reap(pid) {
        const status = [0];
        const reaped: number = waitpid(pid, status, WNOHANG);
        if (reaped === 0) return undefined;
        // ECHILD.
        if (reaped < 0) return { kind: 'unknown' };
        return endOf(status[0] ?? 0);
      },
    },
  };
}

function textsOf(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([key, value]) => `${key}=${value}`);
}

/** A status of wait(2). */
function endOf(status: number): ScriptEnd {
  const number = status & 0x7f;
  if (number === 0) return { kind: 'exited', status: (status >> 8) & 0xff };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { kind: 'signalled', signal: name ?? `signal ${number}` };
}
