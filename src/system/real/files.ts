// Ordinary files that a pfile names.
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { errorCode } from '../errors.ts';
import type { FileKind, Files } from '../types.ts';
import { ownUid } from './runtime-directory.ts';
import { userId } from './users.ts';

const TEXT_BYTES_MAXIMUM = 1024 * 1024;

export const realFiles: Files = {
  ownUid: ownUid(),
  readText: (path) => readRegularFile(path).text,
  readOwned: readRegularFile,
  owner(path) {
    try {
      const { uid, mode } = statSync(path);
      return { uid, mode };
    } catch {
      // ENOENT, EACCES, ELOOP: nothing that can be seen.
      return undefined;
    }
  },
  link(path) {
    try {
      const stat = lstatSync(path);
      return stat.isSymbolicLink() ? { uid: stat.uid, target: readlinkSync(path) } : undefined;
    } catch {
      // ENOENT, EACCES: nothing that can be seen.
      return undefined;
    }
  },
  userId,
  readHead(path, bytes) {
    // Only a regular file is opened: a FIFO would block.
    if (kindOf(path) !== 'file') return undefined;
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      // Removed meanwhile, or not readable: then there is no head to know.
      return undefined;
    }
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, 0));
    } catch {
      // EIO, ESTALE: a bad disk says nothing about the file either.
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  },
  kind: kindOf,
  isExecutable: (path) => isAllowed(path, constants.X_OK),
  isWritable: (path) => isAllowed(path, constants.W_OK | constants.X_OK),
  resolve(path) {
    try {
      return realpathSync.native(path);
    } catch {
      // ENOENT, ELOOP, EACCES: it leads nowhere that can be seen.
      return undefined;
    }
  },
};

/** Text and owner from one descriptor, so that what is judged is what is read. */
function readRegularFile(path: string): { text: string; owner: { uid: number; mode: number } } {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new Error('EISDIR');
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > TEXT_BYTES_MAXIMUM) throw new Error('it is larger than 1 MiB');
    return { text: readFileSync(descriptor, 'utf8'), owner: { uid: stat.uid, mode: stat.mode } };
  } finally {
    closeSync(descriptor);
  }
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    // EACCES, EROFS, ENOENT: that is the answer.
    return false;
  }
}

function kindOf(path: string): FileKind {
  try {
    const stat = statSync(path);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}
