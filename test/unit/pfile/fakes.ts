// A disk that exists only in a test, a pfile with the least that must be in one, and its problems in short.
import { parsePfile } from '../../../src/pfile/parse.ts';
import { NoAnswerError } from '../../../src/system/errors.ts';
import type { FileKind, FileLookup } from '../../../src/system/types.ts';

export type FakeFile = {
  readonly kind: FileKind;
  readonly executable?: boolean;
  readonly text?: string;
  /** root and a mode that nobody can object to, unless told. */
  readonly uid?: number;
  readonly mode?: number;
  /** Makes it a link, which leads there. */
  readonly target?: string;
  /** Whatever is asked of it has no answer. */
  readonly isSilent?: true;
};

const SCRIPT: FakeFile = { kind: 'file', executable: true };
const TYPE_BITS: Readonly<Record<FileKind, number>> = {
  file: 0o100000,
  directory: 0o040000,
  other: 0o010000,
  missing: 0,
  unreadable: 0,
};

/** A disk that answers at once, or never. */
export type FakeFiles = FileLookup & {
  /** What was asked, as in `kind /s.sh`, in order. */
  readonly asked: string[];
};

/** Every path that is not named is missing, but `/s.sh` is a script. Users: root, tomcat, and `silent`, of whom no answer comes. */
export function fakeFiles(named: Readonly<Record<string, FakeFile>> = {}, ownUid = 0): FakeFiles {
  const all: Readonly<Record<string, FakeFile>> = { '/s.sh': SCRIPT, ...named };
  const users: Readonly<Record<string, number>> = { root: 0, tomcat: 91 };
  const asked: string[] = [];
  function at(path: string): FakeFile | undefined {
    const { target } = all[path] ?? {};
    return target === undefined ? all[path] : at(target);
  }
  function ownerOf(path: string) {
    const { kind, uid = 0, mode = 0o755 } = at(path) ?? { kind: 'missing' };
    return kind === 'missing' || kind === 'unreadable' ? undefined : { uid, mode: TYPE_BITS[kind] | mode };
  }
  const silent = Object.keys(all).filter((path) => all[path]?.isSilent);
  const isNamedSilent = new Set(silent);
  /** What is below a silent directory is silent too; `/` is silent alone. */
  function isSilent(path: string): boolean {
    return isNamedSilent.has(path) || silent.some((above) => path.startsWith(`${above}/`));
  }
  function textOf(path: string): string {
    const text = at(path)?.text;
    if (text === undefined) throw new Error(`ENOENT: ${path}`);
    return text;
  }
  /** A method that answers later, as the real ones do. */
  function answering<T>(question: string, answer: (path: string) => T): (path: string) => Promise<T> {
    return async (path) => {
      asked.push(`${question} ${path}`);
      await undefined;
      if (isSilent(path) || path === 'silent') throw new NoAnswerError(path, 'no answer within 5 s');
      return answer(path);
    };
  }
  return {
    ownUid,
    asked,
    readOwned: answering('readOwned', (path) => ({
      text: textOf(path),
      owner: ownerOf(path) ?? { uid: 0, mode: 0 },
    })),
    readHead: (path, bytes) => answering('readHead', () => at(path)?.text?.slice(0, bytes))(path),
    kind: answering('kind', (path) => at(path)?.kind ?? 'missing'),
    isWritable: answering('isWritable', () => true),
    isExecutable: answering('isExecutable', (path) => at(path)?.executable ?? false),
    resolve: answering('resolve', (path) => (path in all ? (all[path]?.target ?? path) : undefined)),
    owner: answering('owner', ownerOf),
    link: answering('link', (path) => {
      const { uid = 0, target, kind } = all[path] ?? {};
      // A directory need not be named to be on the way.
      return target !== undefined ? { uid, target } : kind === 'missing' ? undefined : 'no-link';
    }),
    userId: answering('userId', (name) => (/^\d+$/.test(name) ? Number(name) : users[name])),
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
