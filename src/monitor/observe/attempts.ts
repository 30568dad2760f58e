// That /proc cannot be looked at says nothing of any process: it is told once, until it can be looked at again.
import { message } from '../../log/catalogue.ts';
import type { Log } from '../../log/log.ts';

/** Undefined when the task has failed. */
export function createAttempts(log: Log): <Result>(task: () => Result) => Result | undefined {
  let blindness: string | undefined;
  return (task) => {
    try {
      const result = task();
      blindness = undefined;
      return result;
    } catch (error) {
      const text = String(error);
      if (text !== blindness) log.write(message('cannotLook', { error: text }));
      blindness = text;
      return undefined;
    }
  };
}
