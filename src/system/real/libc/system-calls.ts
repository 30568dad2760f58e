// Numbers of system calls, which differ between processors (asm/unistd.h), and their flags. Only what call lists make.

export type SystemCalls = typeof X64;

/** Of this processor; throws where none are known. */
export function systemCalls(processor: string = process.arch): SystemCalls {
  if (processor === 'x64') return X64;
  if (processor === 'arm64') return ARM64;
  throw new Error(`no system calls are known for the processor ${processor}`);
}

/** The same on both (asm-generic/unistd.h). */
const NEW = { closeRange: 436, openat2: 437 };

const X64 = {
  ...NEW,
  read: 0,
  write: 1,
  close: 3,
  lseek: 8,
  rtSigaction: 13,
  rtSigprocmask: 14,
  pread64: 17,
  madvise: 28,
  getpid: 39,
  clone: 56,
  execve: 59,
  wait4: 61,
  fcntl: 72,
  chdir: 80,
  fchdir: 81,
  getppid: 110,
  setsid: 112,
  fstatfs: 138,
  getpriority: 140,
  setpriority: 141,
  schedSetscheduler: 144,
  schedGetscheduler: 145,
  prctl: 157,
  gettid: 186,
  exitGroup: 231,
  ioprioSet: 251,
  ioprioGet: 252,
  openat: 257,
  readlinkat: 267,
  faccessat: 269,
  dup3: 292,
  prlimit64: 302,
  statx: 332,
};

const ARM64: SystemCalls = {
  ...NEW,
  read: 63,
  write: 64,
  close: 57,
  lseek: 62,
  rtSigaction: 134,
  rtSigprocmask: 135,
  pread64: 67,
  madvise: 233,
  getpid: 172,
  clone: 220,
  execve: 221,
  wait4: 260,
  fcntl: 25,
  chdir: 49,
  fchdir: 50,
  getppid: 173,
  setsid: 157,
  getpriority: 141,
  setpriority: 140,
  fstatfs: 44,
  schedSetscheduler: 119,
  prctl: 167,
  schedGetscheduler: 120,
  gettid: 178,
  exitGroup: 94,
  ioprioSet: 30,
  ioprioGet: 31,
  openat: 56,
  readlinkat: 78,
  faccessat: 48,
  dup3: 24,
  prlimit64: 261,
  statx: 291,
};

/** fcntl.h: relative to the working directory. */
export const AT_FDCWD = -100;
/** Not in Node's constants. */
export const O_CLOEXEC = 0o2000000;
