// The output files of scripts. Services inherit them and may write at any time, and their disk may be stuck: each is
// opened before it is needed, never waited for, and cut by a process of its own (SPEC 4, "Running a script").
import type { Outputs } from '../types.ts';
import { type Cut, KEPT_BYTES } from './cut.ts';
import { descriptorsFor } from './descriptors.ts';
import type { Failed } from './libc/in-thread.ts';
import { type OutputFileCalls, readText, sizeOf } from './output-file.ts';
import type { OpenFiles } from './outputs/open-files.ts';
import { endOf, type Output, placeLater, problemsOf, type TailRange, tailRange } from './outputs/output.ts';
import type { OutputCalls } from './outputs/output-calls.ts';

export type RealOutputs = Outputs & {
  /** For the standard output of a script, as long as the file is kept open; the reason why there is none. */
  descriptor(file: string): number | Failed;
  /**
   * Hands it over for the time of the call: at once where the file is kept open or cannot be; of one that is opened for
   * each use later, within a quarter of a second. Then it is known where the run's output begins. `isKept`: it stays open,
   * so that closing a duplicate of it waits for nothing.
   */
  use(file: string, take: (descriptor: number | Failed, isKept: boolean) => void): void;
};

const LONGEST_BYTES = 1024 * 1024;
/** So that a pfile of very many entries leaves descriptors for /proc; those of further entries are opened when something is run. */
const KEPT_OPEN_MAXIMUM = 256;
const USE_MILLISECONDS = 250;
const CUT_MILLISECONDS = 60_000;
const TAIL_MILLISECONDS = 1000;
const NOT_OPEN: Failed = { error: 'it is not open' };

export function createRealOutputs(
  kernel: OutputFileCalls,
  files: OpenFiles,
  { read, close }: Pick<OutputCalls, 'read' | 'close'>,
  cut: Cut,
  keptOpen = Math.min(KEPT_OPEN_MAXIMUM, descriptorsFor('outputs')),
): RealOutputs {
  let kept: ReadonlySet<string> = new Set();

  function cutIfTooLong(output: Output, descriptor: number, bytes: number, release: () => void): void {
    if (output.cutFrom !== undefined || bytes <= LONGEST_BYTES) {
      release();
      return;
    }
    output.cutFrom = bytes;
    cut(descriptor, {
      release,
      ended(error) {
        output.cutFrom = undefined;
        output.cutError = error;
        if (error === undefined && output.history) output.history.origin += bytes - KEPT_BYTES;
      },
    });
  }

  function cutIfOpen(output: Output): void {
    const { state } = output;
    if (state.is !== 'open') return;
    cutIfTooLong(output, state.descriptor, sizeOf(state.descriptor, kernel), () => undefined);
  }

  function descriptor(file: string): number | Failed {
    const { state } = files.of(file);
    if (state.is === 'open') return state.descriptor;
    return state.is === 'lost' ? { error: state.error } : NOT_OPEN;
  }

  /** The end may become known meanwhile: the next run has begun. */
  function tailOnce(output: Output, from: number, end: () => number, onText: (text: string) => void): void {
    files.openOnce(output, TAIL_MILLISECONDS, (opened) => {
      const range = 'error' in opened ? undefined : tailRange(output, opened.bytes, from, end());
      if ('error' in opened || range === undefined) {
        if ('descriptor' in opened) close(opened.descriptor);
        setImmediate(onText, '');
        return;
      }
      read(opened.descriptor, range.start, range.bytes, (bytes) => {
        close(opened.descriptor);
        setImmediate(onText, 'error' in bytes ? '' : marked(bytes.toString(), range));
      });
    });
  }

  return {
    descriptor,
    keep(names, onKept) {
      kept = new Set(names.slice(0, keptOpen));
      files.keep(kept, new Set(names), () => {
        const outputs = [...kept].map(files.of);
        outputs.forEach(cutIfOpen);
        onKept(outputs.flatMap((output) => problemsOf(output, files.isSilent())));
      });
    },
    use(file, take) {
      const output = files.of(file);
      const isKept = kept.has(file) && !output.isRemote;
      if (isKept || output.state.is === 'open') {
        take(descriptor(file), true);
        return;
      }
      files.openOnce(output, USE_MILLISECONDS, (opened) => {
        take('error' in opened ? opened : opened.descriptor, false);
        if ('descriptor' in opened) close(opened.descriptor);
      });
    },
    cut(file) {
      const output = files.of(file);
      const isKept = kept.has(file) && !output.isRemote;
      if (isKept) {
        cutIfOpen(output);
        return;
      }
      files.openOnce(output, CUT_MILLISECONDS, (opened) => {
        if ('error' in opened) return;
        const { descriptor: own, bytes } = opened;
        cutIfTooLong(output, own, bytes, () => close(own));
      });
    },
    place(file) {
      const output = files.of(file);
      const { state } = output;
      if (state.is !== 'open') return placeLater(output);
      return { at: endOf(output, sizeOf(state.descriptor, kernel)) };
    },
    tail(file, from, to, onText) {
      const output = files.of(file);
      const { state } = output;
      const end = () => to?.at ?? Number.POSITIVE_INFINITY;
      if (from.at === undefined) {
        onText('');
        return;
      }
      if (state.is !== 'open') {
        tailOnce(output, from.at, end, onText);
        return;
      }
      const range = tailRange(output, sizeOf(state.descriptor, kernel), from.at, end());
      onText(
        range === undefined
          ? ''
          : marked(readText(state.descriptor, range.start, range.bytes, kernel), range),
      );
    },
  };
}

/** With a mark where more came before. */
function marked(text: string, { isCut }: TailRange): string {
  return isCut && text !== '' ? `…${text}` : text;
}
