// Files in memory, all of them root's: what a path holds, or the link that it is.
import type { FileKind, Files } from '../types.ts';

const ROOT_FILE = { uid: 0, mode: 0o100755 };

/** A link is written as `-> target`. */
export function simulatedFiles(disk: ReadonlyMap<string, string>, users: ReadonlyMap<string, number>): Files {
  function resolve(path: string): string | undefined {
    const content = disk.get(path);
    return content?.startsWith('-> ') ? resolve(content.slice(3)) : content === undefined ? undefined : path;
  }
  function contentOf(path: string): string | undefined {
    return disk.get(resolve(path) ?? path);
  }
  return {
    ownUid: 0,
    readText: (path) => contentOf(path) ?? '',
    readOwned: (path) => ({ text: contentOf(path) ?? '', owner: ROOT_FILE }),
    owner: (path) => (contentOf(path) === undefined ? undefined : ROOT_FILE),
    link(path) {
      const content = disk.get(path);
      return content?.startsWith('-> ') ? { uid: 0, target: content.slice(3) } : undefined;
    },
    userId: (name) => (/^\d+$/.test(name) ? Number(name) : users.get(name)),
    readHead: (path, bytes) => contentOf(path)?.slice(0, bytes),
    kind: (path): FileKind => (contentOf(path) === undefined ? 'missing' : 'file'),
    isExecutable: () => true,
    isWritable: () => true,
    resolve,
  };
}
