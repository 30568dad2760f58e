// What is known of one output file, open or not: positions in it, and which bytes lie between two of them.
import type { OutputPlace, OutputProblem } from '../../types.ts';
import { KEPT_BYTES } from '../cut.ts';
import { type History, isOfEarlierFile } from '../output-history.ts';

export type Output = {
  readonly file: string;
  /** In the folder of the dump file. */
  readonly name: string;
  state: OutputState;
  /** Undefined until it was open once. */
  history: History | undefined;
  /** It lies behind a server, and is opened for each use. */
  isRemote: boolean;
  /** Its length when the cut that is going on began. */
  cutFrom: number | undefined;
  cutError: string | undefined;
  /** Places that are known when it is opened next. */
  places: { at: number | undefined }[];
};

export type OutputState =
  | { readonly is: 'closed' | 'opening' }
  | ({ readonly is: 'lost' } & OpenFailure)
  /** `path`: what the kernel called it when it was opened. */
  | { readonly is: 'open'; readonly descriptor: number; readonly path: Buffer };

/** `isFolder`: no file could be opened. */
export type OpenFailure = { readonly error: string; readonly isFolder?: true };

export function newOutput(file: string): Output {
  return {
    file,
    name: file.slice(file.lastIndexOf('/') + 1),
    state: { is: 'closed' },
    history: undefined,
    isRemote: false,
    cutFrom: undefined,
    cutError: undefined,
    places: [],
  };
}

const TAIL_BYTES = 8192;
/** Of runs that had no file to write to none is ever asked for. */
const MAX_PLACES = 4;

/** It is open, and has this length. */
export function learn(output: Output, history: History, bytes: number): void {
  output.history = history;
  const at = endOf(output, bytes);
  for (const place of output.places.splice(0)) place.at = at;
}

export function placeLater(output: Output): OutputPlace {
  const place = { at: undefined };
  output.places = [...output.places.slice(1 - MAX_PLACES), place];
  return place;
}

/** The position of its end. */
export function endOf(output: Output, bytes: number): number {
  return originOf(output, bytes) + bytes;
}

export type TailRange = {
  readonly start: number;
  readonly bytes: number;
  /** What came before in the same run is left out. */
  readonly isCut: boolean;
};

/** Where in a file of this length the last of what lies between two positions is to be found. */
export function tailRange(output: Output, bytes: number, from: number, to: number): TailRange | undefined {
  const origin = originOf(output, bytes);
  const first = from - origin;
  // The run has written to a file that lay here before.
  if (isOfEarlierFile(first)) return undefined;
  // Somebody else made the file shorter: all that is in it came later.
  const isAnew = first > bytes;
  const begin = isAnew ? 0 : Math.max(first, 0);
  const end = isAnew ? bytes : Math.min(to - origin, bytes);
  const start = Math.max(begin, end - TAIL_BYTES);
  return end <= start ? undefined : { start, bytes: end - start, isCut: start > begin };
}

/** The position of its first byte; of a cut that is going on, its last step may be through. */
function originOf({ history, cutFrom }: Output, bytes: number): number {
  const origin = history?.origin ?? 0;
  return cutFrom === undefined || bytes >= cutFrom ? origin : origin + cutFrom - KEPT_BYTES;
}

/** `isSilent`: what is being opened is not expected to answer soon. */
export function problemsOf({ file, state, cutError }: Output, isSilent: boolean): OutputProblem[] {
  if (state.is === 'lost') return [{ file, is: state.isFolder ? 'folder' : 'lost', error: state.error }];
  if (state.is === 'opening') return isSilent ? [{ file, is: 'folder', error: NO_ANSWER }] : [];
  return cutError === undefined ? [] : [{ file, is: 'too-long', error: cutError }];
}

export const NO_ANSWER = 'the folder does not answer';
