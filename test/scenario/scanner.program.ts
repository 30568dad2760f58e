// A scanner of files that are executed, which never comes to an answer (fanotify(7)): every exec of the file waits for
// it, until it ends. Run by hanging-calls.test.ts.
const koffi = await import('koffi');

const [FAN_CLASS_CONTENT_CLOEXEC, O_RDONLY_CLOEXEC] = [4 | 1, 0o2000000];
const FAN_MARK_ADD = 1;
const FAN_OPEN_EXEC_PERM = 0x40000;
const AT_FDCWD = -100;

const [, , path = ''] = process.argv;
const libc = koffi.load(null);
const group: number = libc.func('int fanotify_init(uint32_t, uint32_t)')(
  FAN_CLASS_CONTENT_CLOEXEC,
  O_RDONLY_CLOEXEC,
);
const mark = libc.func('int fanotify_mark(int, uint32_t, uint64_t, int, const char *)');
const isMarked = group >= 0 && mark(group, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, AT_FDCWD, path) === 0;
process.stdout.write(isMarked ? 'scans\n' : `cannot scan: errno ${koffi.errno()}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
