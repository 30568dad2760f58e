// Ordinary files that a pfile names.
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { errorCode } from '../errors.ts';
import type { FileKind, Files } from '../types.ts';
import { readRegularFile } from './regular-file.ts';
import { ownUid } from './runtime-directory.ts';
import { userId } from './users.ts';

const TEXT_BYTES_MAXIMUM = 1024 * 1024;

export const realFiles: Files = {
  ownUid: ownUid(),
  readText: (path) => readRegularFile(path, TEXT_BYTES_MAXIMUM, 'follow').text,
  readOwned: (path) => readRegularFile(path, TEXT_BYTES_MAXIMUM, 'follow'),
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
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return 'missing';
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
  } catch (error) {
    return errorCode(error) === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}
