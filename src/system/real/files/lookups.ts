// What the monitor asks about files of entries while it runs; nothing waits for the answers.
import type { Lookups } from '../../types.ts';
import type { FileCalls } from '../libc/file-calls.ts';

export function createLookups(calls: FileCalls): Lookups {
  return {
    resolve(path, onAnswer) {
      calls.realpath(path, (answer) => onAnswer('error' in answer ? undefined : answer.target));
    },
    readHead(path, bytes, onAnswer) {
      calls.readRegular(path, bytes, true, (answer) =>
        onAnswer('error' in answer ? undefined : answer.bytes?.toString()),
      );
    },
  };
}
