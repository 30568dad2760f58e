// The output files of scripts. Services inherit them and may write at any time, and their disk may be stuck:
// each is opened before it is needed, never waited for, and cut by a process of its own (SPEC 4, "Running a
// script").
import type { OutputProblem, Outputs } from '../types.ts';
import { cutInPlace, KEPT_BYTES } from './cut.ts';
import { descriptorsFor } from './descriptors.ts';
import {
  closeOutput,
  type OutputCalls,
  type OutputFile,
  openOutput,
  readText,
  sizeOf,
  wasMoved,
} from './output-file.ts';
import { createHistories, type History, isOfEarlierFile } from './output-history.ts';

export type RealOutputs = Outputs & {
  /** For the script's standard output; the reason why there is none. */
  descriptor(file: string): number | { readonly error: string };
};

const LONGEST_BYTES = 1024 * 1024;
const TAIL_BYTES = 8192;
/** So that a pfile of very many entries leaves descriptors for /proc; those of further entries are opened when something is run. */
const KEPT_OPEN_MAXIMUM = 256;

type State =
  | { readonly error: string }
  | (OutputFile & {
      readonly history: History;
      /** Its length when the cut that is going on began. */
      cutFrom: number | undefined;
      cutError: string | undefined;
    });

export function createRealOutputs(
  kernel: OutputCalls,
  cut = cutInPlace,
  keptOpen = Math.min(KEPT_OPEN_MAXIMUM, descriptorsFor('outputs')),
): RealOutputs {
  const states = new Map<string, State>();
  const historyOf = createHistories();
  /** The one that was opened last although as many as may be kept were open. */
  let passing: string | undefined;

  function stateOf(file: string): State {
    const known = states.get(file);
    if (known !== undefined) return known;
    // One at a time beyond those that are kept.
    if (passing !== undefined && states.size >= keptOpen) forget(passing);
    const opened = openOutput(file, kernel);
    const state =
      'error' in opened
        ? opened
        : { ...opened, history: historyOf(file, opened.identity), cutFrom: undefined, cutError: undefined };
    passing = states.size >= keptOpen ? file : undefined;
    states.set(file, state);
    return state;
  }

  /** One that is being cut stays until the next `keep`. */
  function forget(file: string): void {
    const state = states.get(file);
    if (state === undefined || (!('error' in state) && state.cutFrom !== undefined)) return;
    if (!('error' in state)) closeOutput(state);
    states.delete(file);
  }

  function cutIfTooLong(state: State): void {
    if ('error' in state || state.cutFrom !== undefined) return;
    const size = sizeOf(state, kernel);
    if (size <= LONGEST_BYTES) return;
    state.cutFrom = size;
    cut(state.descriptor, (error) => {
      state.cutFrom = undefined;
      state.cutError = error;
      if (error === undefined) state.history.origin += size - KEPT_BYTES;
    });
  }

  return {
    keep(files) {
      const kept = new Set(files.slice(0, keptOpen));
      for (const [file, state] of states) {
        const isOpen = !('error' in state);
        if (isOpen && kept.has(file) && !wasMoved(state, kernel)) continue;
        if (isOpen) closeOutput(state);
        states.delete(file);
      }
      const problems: OutputProblem[] = [];
      for (const file of kept) {
        const state = stateOf(file);
        cutIfTooLong(state);
        addProblem(file, state, problems);
      }
      return problems;
    },
    cut: (file) => cutIfTooLong(stateOf(file)),
    position(file) {
      const state = stateOf(file);
      if ('error' in state) return 0;
      const size = sizeOf(state, kernel);
      return originOf(state, size) + size;
    },
    tail(file, from, to) {
      const state = stateOf(file);
      if ('error' in state) return '';
      const size = sizeOf(state, kernel);
      const origin = originOf(state, size);
      const first = from - origin;
      // The run has written to a file that lay here before.
      if (isOfEarlierFile(first)) return '';
      // Somebody else made the file shorter: all that is in it came later.
      const isAnew = first > size;
      const begin = isAnew ? 0 : Math.max(first, 0);
      const end = isAnew ? size : Math.min(to - origin, size);
      const start = Math.max(begin, end - TAIL_BYTES);
      if (end <= start) return '';
      const text = readText(kernel, state, start, end);
      return start > begin && text !== '' ? `…${text}` : text;
    },
    descriptor(file) {
      const state = stateOf(file);
      return 'error' in state ? state : state.descriptor;
    },
  };
}

/** The position of its first byte; of a cut that is going on, its last step may be through. */
function originOf({ history, cutFrom }: Exclude<State, { error: string }>, size: number): number {
  return cutFrom === undefined || size >= cutFrom ? history.origin : history.origin + cutFrom - KEPT_BYTES;
}

function addProblem(file: string, state: State, problems: OutputProblem[]): void {
  if ('error' in state) problems.push({ file, is: 'lost', error: state.error });
  else if (state.cutError !== undefined) problems.push({ file, is: 'too-long', error: state.cutError });
}
