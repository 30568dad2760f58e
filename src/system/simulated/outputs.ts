// Output files in memory: what simulated scripts write, and whether their disk takes it.
import type { OutputProblem, Outputs } from '../types.ts';

export type SimulatedOutputs = Outputs & {
  /** All that was written, by file. */
  readonly written: Map<string, string>;
  write(file: string, text: string): void;
  /** What `keep` finds wrong. */
  problems: readonly OutputProblem[];
  /** The files of each `keep` and `cut` so far, in order. */
  readonly kept: (readonly string[])[];
  readonly cuts: string[];
};

export function createSimulatedOutputs(): SimulatedOutputs {
  const written = new Map<string, string>();
  const outputs: SimulatedOutputs = {
    written,
    problems: [],
    kept: [],
    cuts: [],
    write: (file, text) => void written.set(file, (written.get(file) ?? '') + text),
    keep(files, onKept) {
      outputs.kept.push(files);
      onKept(outputs.problems);
    },
    cut: (file) => void outputs.cuts.push(file),
    place: (file) => ({ at: written.get(file)?.length ?? 0 }),
    tail: (file, from, to, onText) => onText(written.get(file)?.slice(from.at, to?.at) ?? ''),
  };
  return outputs;
}
