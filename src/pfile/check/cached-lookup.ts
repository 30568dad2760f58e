// The questions of one reading, each asked once: entries share users, directories and scripts.
import type { FileLookup } from '../../system/types.ts';

export function cachedLookup(files: FileLookup): FileLookup {
  return {
    ownUid: files.ownUid,
    readOwned: once(files.readOwned),
    owner: once(files.owner),
    link: once(files.link),
    userId: once(files.userId),
    readHead: files.readHead,
    kind: once(files.kind),
    isExecutable: once(files.isExecutable),
    isWritable: once(files.isWritable),
    resolve: once(files.resolve),
  };
}

function once<T>(question: (subject: string) => Promise<T>): (subject: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (subject) => {
    const answer = answers.get(subject) ?? question(subject);
    answers.set(subject, answer);
    return answer;
  };
}
