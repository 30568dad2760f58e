// A file's mode as `ls -l` shows it, since that is where a person compares it.

const TYPE_MASK = 0o170000;
const TYPES: ReadonlyMap<number, string> = new Map([
  [0o040000, 'd'],
  [0o120000, 'l'],
  [0o010000, 'p'],
  [0o140000, 's'],
  [0o020000, 'c'],
  [0o060000, 'b'],
]);

export const GROUP_WRITE = 0o020;
export const OTHERS_WRITE = 0o002;
export const STICKY = 0o1000;

/** As in `-rw-rw-r--` or `drwxrwxrwt`. */
export function formatMode(mode: number): string {
  const type = TYPES.get(mode & TYPE_MASK) ?? '-';
  return `${type}${triple(mode >> 6, mode & 0o4000, 's')}${triple(mode >> 3, mode & 0o2000, 's')}${triple(mode, mode & STICKY, 't')}`;
}

/** The three letters of owner, group or others; a special bit takes the place of the `x`. */
function triple(bits: number, special: number, letter: string): string {
  const execute = (bits & 1) !== 0;
  const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
}
