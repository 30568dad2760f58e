// A disk that exists only in a test, a pfile with the least that must be in one, and its problems in short.
import { parsePfile } from '../../../src/pfile/parse.ts';
import type { FileKind, Files } from '../../../src/system/types.ts';

export type FakeFile = {
  readonly kind: FileKind;
  readonly executable?: boolean;
  readonly text?: string;
  /** root and a mode that nobody can object to, unless told. */
  readonly uid?: number;
  readonly mode?: number;
  /** Makes it a link, which leads there. */
  readonly target?: string;
};

const SCRIPT: FakeFile = { kind: 'file', executable: true };
const TYPE_BITS: Readonly<Record<FileKind, number>> = {
  file: 0o100000,
  directory: 0o040000,
  other: 0o010000,
  missing: 0,
  unreadable: 0,
};

/** Every path that is not named is missing, but `/s.sh` is a script. */
export function fakeFiles(named: Readonly<Record<string, FakeFile>> = {}, ownUid = 0): Files {
  const all: Readonly<Record<string, FakeFile>> = { '/s.sh': SCRIPT, ...named };
  const users: Readonly<Record<string, number>> = { root: 0, tomcat: 91 };
  function at(path: string): FakeFile | undefined {
    const { target } = all[path] ?? {};
    return target === undefined ? all[path] : at(target);
  }
  function owner(path: string) {
    const { kind, uid = 0, mode = 0o755 } = at(path) ?? { kind: 'missing' };
    return kind === 'missing' || kind === 'unreadable' ? undefined : { uid, mode: TYPE_BITS[kind] | mode };
  }
  function readText(path: string): string {
    const text = at(path)?.text;
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  }
  return {
    ownUid,
    readText,
    readOwned: (path) => ({ text: readText(path), owner: owner(path) ?? { uid: 0, mode: 0 } }),
    readHead: (path, bytes) => at(path)?.text?.slice(0, bytes),
    kind: (path) => at(path)?.kind ?? 'missing',
    isWritable: () => true,
    isExecutable: (path) => at(path)?.executable ?? false,
    resolve: (path) => (path in all ? (all[path]?.target ?? path) : undefined),
    owner,
    link(path) {
      const { uid = 0, target } = all[path] ?? {};
      return target === undefined ? undefined : { uid, target };
    },
    userId: (name) => (/^\d+$/.test(name) ? Number(name) : users[name]),
  };
}

export const PARAM = ['IPCKEY 0x1', 'SHM_DUMP_FILE /d/p.dump'];
export const PENT = 'java:/s.sh:::';

/** A text of these lines. */
export function lines(...content: readonly string[]): string {
  return content.map((line) => `${line}\n`).join('');
}

/** `LINE:COLUMN CODE` of each diagnostic, warnings with a `?` behind. */
export function problems(text: string): string[] {
  return parsePfile(text).diagnostics.map(
    ({ line, column, code, severity }) => `${line}:${column} ${code}${severity === 'warning' ? '?' : ''}`,
  );
}

export function texts(text: string): string {
  return parsePfile(text)
    .diagnostics.map((diagnostic) => diagnostic.text)
    .join('\n');
}
