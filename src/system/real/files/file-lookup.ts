// What the reading of a pfile asks of this host's files: each answer has its deadline. What is made of the answers is
// decided here; how files are looked at without waiting: libc/file-calls.ts.
import { constants } from 'node:fs';
import { NoAnswerError } from '../../errors.ts';
import type { FileKind, FileLookup } from '../../types.ts';
import type { Allowed, FileCalls, FileContent, FileTarget } from '../libc/file-calls.ts';
import type { Failure, OnAnswer } from '../libc/file-look.ts';
import type { FileStat } from '../libc/file-stat.ts';
import { MAX_PFILE_BYTES, refuseUnfit } from '../regular-file.ts';
import { ownUid } from '../runtime-directory.ts';
import { createUserLookup } from './user-lookup.ts';

const { W_OK, X_OK } = constants;
const ANSWER_SECONDS = 5;
const PASSWD = '/etc/passwd';
/** Who stands behind that is asked for by getent. */
const MAX_PASSWD_BYTES = 16 * 1024 * 1024;

export function createFileLookup(calls: FileCalls, answerSeconds = ANSWER_SECONDS): FileLookup {
  const stat = (path: string, follow = true) =>
    inTime<FileStat>(path, (onAnswer) => calls.stat(path, follow, onAnswer));
  const read = (path: string, maximumBytes: number) =>
    inTime<FileContent>(path, (onAnswer) => calls.readRegular(path, maximumBytes, true, onAnswer));

  /** Rejects with NoAnswerError when the answer is late; who was stopped itself hears first what has come meanwhile. */
  function inTime<Answer>(
    path: string,
    ask: (onAnswer: OnAnswer<Answer>) => void,
  ): Promise<Answer | Failure> {
    return new Promise((resolve, reject) => {
      const late = new NoAnswerError(path, `no answer within ${answerSeconds} s`);
      const timer = setTimeout(() => void setImmediate(reject, late), answerSeconds * 1000);
      ask((answer) => {
        clearTimeout(timer);
        // Behind the callback of the kernel's: promises do not go on within that in every Node.
        setImmediate(resolve, answer);
      });
    });
  }

  async function mayAccess(path: string, mode: number): Promise<boolean> {
    return !isFailure(await inTime<Allowed>(path, (onAnswer) => calls.access(path, mode, onAnswer)));
  }

  async function kind(path: string): Promise<FileKind> {
    const answer = await stat(path);
    if (!isFailure(answer)) return kindOfMode(answer.mode);
    return answer.error === 'ENOENT' || answer.error === 'ENOTDIR' ? 'missing' : 'unreadable';
  }

  async function textOf(path: string, maximumBytes: number): Promise<string | undefined> {
    const answer = await read(path, maximumBytes);
    return isFailure(answer) ? undefined : answer.bytes?.toString();
  }

  return {
    ownUid: ownUid(),
    async readOwned(path) {
      const answer = orThrow(await read(path, MAX_PFILE_BYTES));
      const { mode, uid, bytes } = answer.stat;
      refuseUnfit(mode, bytes, MAX_PFILE_BYTES);
      return { text: answer.bytes?.toString() ?? '', owner: { uid, mode } };
    },
    async owner(path) {
      const answer = await stat(path);
      return isFailure(answer) ? undefined : { uid: answer.uid, mode: answer.mode };
    },
    async link(path) {
      const answer = await stat(path, false);
      if (isFailure(answer)) return undefined;
      if ((answer.mode & constants.S_IFMT) !== constants.S_IFLNK) return 'no-link';
      const link = await inTime<FileTarget>(path, (onAnswer) => calls.readlink(path, onAnswer));
      return isFailure(link) ? undefined : { uid: answer.uid, target: link.target };
    },
    // ENOENT: a container without one; getent may still know.
    userId: createUserLookup(async () => (await textOf(PASSWD, MAX_PASSWD_BYTES)) ?? ''),
    readHead: textOf,
    kind,
    isExecutable: (path) => mayAccess(path, X_OK),
    isWritable: (path) => mayAccess(path, W_OK | X_OK),
    async resolve(path) {
      const answer = await inTime<FileTarget>(path, (onAnswer) => calls.realpath(path, onAnswer));
      return isFailure(answer) ? undefined : answer.target;
    },
  };
}

function kindOfMode(mode: number): FileKind {
  const type = mode & constants.S_IFMT;
  return type === constants.S_IFREG ? 'file' : type === constants.S_IFDIR ? 'directory' : 'other';
}

function isFailure<Answer extends object>(answer: Answer | Failure): answer is Failure {
  return 'error' in answer;
}

/** As node:fs throws. */
function orThrow<Answer extends object>(answer: Answer | Failure): Answer {
  if (isFailure(answer)) throw Object.assign(new Error(answer.error), { code: answer.error });
  return answer;
}
