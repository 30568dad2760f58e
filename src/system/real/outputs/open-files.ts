// Which output files are open: kept open on the disks of this machine, opened for each use behind a server, where whoever
// has a file open may hang with it, also at its end.
import { closeSync } from 'node:fs';
import { type OutputFileCalls, pathOf } from '../output-file.ts';
import { createHistories } from '../output-history.ts';
import type { OpenedOutput, OutputOpener } from './open-outputs.ts';
import { learn, NO_ANSWER, newOutput, type OpenFailure, type Output } from './output.ts';
import type { OutputCalls } from './output-calls.ts';

export type OpenFiles = {
  /** Made where it is not known yet. */
  of(file: string): Output;
  /**
   * Keeps these open, opens those that are not or lie elsewhere now, closes those that are not among them; forgets all but
   * `known`. Calls back once, within half a second: what takes longer goes on.
   */
  keep(files: ReadonlySet<string>, known: ReadonlySet<string>, done: () => void): void;
  /** What is being opened takes so long that its file system seems to hang. */
  isSilent(): boolean;
  /** Opens a file that is not kept open, for once; who gets it closes it. Within the limit, or it fails. */
  openOnce(
    output: Output,
    limitMilliseconds: number,
    onOpen: (opened: OpenedOutput | OpenFailure) => void,
  ): void;
};

const KEEP_MILLISECONDS = 400;

export function createOpenFiles(
  kernel: OutputFileCalls,
  opener: OutputOpener,
  { close }: Pick<OutputCalls, 'close'>,
  letGo: (descriptor: number) => void,
): OpenFiles {
  const outputs = new Map<string, Output>();
  const historyOf = createHistories();
  let kept: ReadonlySet<string> = new Set();
  let openings = 0;
  const waiting = new Set<() => void>();

  function of(file: string): Output {
    const output = outputs.get(file) ?? newOutput(file);
    outputs.set(file, output);
    return output;
  }

  /** One that is being cut stays known until that is over. */
  function forget(output: Output): void {
    if (output.state.is !== 'open' && output.cutFrom === undefined) outputs.delete(output.file);
  }

  function closeUnlessKept(output: Output): void {
    const { state, file } = output;
    if (state.is !== 'open') return;
    const isMoved = !pathOf(state.descriptor, kernel).equals(state.path);
    if (kept.has(file) && !isMoved) return;
    output.state = { is: 'closed' };
    if (isMoved) letGo(state.descriptor);
    else closeSync(state.descriptor);
  }

  function openToKeep(output: Output): void {
    openings += 1;
    output.state = { is: 'opening' };
    opener.open(output.name, true, (opened) => {
      openings -= 1;
      output.state = 'error' in opened ? { is: 'lost', ...opened } : stateOf(output, opened);
      if (openings === 0) for (const done of waiting) setImmediate(done);
    });
  }

  function stateOf(output: Output, opened: OpenedOutput): Output['state'] {
    know(output, opened);
    const { descriptor, isLocal } = opened;
    const isWanted = outputs.get(output.file) === output && kept.has(output.file);
    if (isWanted && isLocal) {
      return { is: 'open', descriptor, path: Buffer.from(pathOf(descriptor, kernel)) };
    }
    close(descriptor);
    return { is: 'closed' };
  }

  function know(output: Output, { bytes, identity, isLocal }: OpenedOutput): void {
    output.isRemote = !isLocal;
    learn(output, historyOf(output.file, identity), bytes);
  }

  return {
    of,
    isSilent: opener.isSilent,
    keep(files, known, done) {
      kept = files;
      for (const output of outputs.values()) {
        closeUnlessKept(output);
        if (!known.has(output.file)) forget(output);
      }
      for (const file of kept) {
        const output = of(file);
        const { is } = output.state;
        if (is === 'lost' || (is === 'closed' && !output.isRemote)) openToKeep(output);
      }
      if (openings === 0) {
        done();
        return;
      }
      function end(): void {
        if (!waiting.delete(end)) return;
        clearTimeout(timer);
        done();
      }
      waiting.add(end);
      const timer = setTimeout(end, KEEP_MILLISECONDS);
    },
    openOnce(output, limitMilliseconds, onOpen) {
      if (opener.isSilent()) {
        setImmediate(onOpen, { error: NO_ANSWER });
        return;
      }
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        onOpen({ error: NO_ANSWER });
      }, limitMilliseconds);
      opener.open(output.name, false, (opened) => {
        clearTimeout(timer);
        if (!('error' in opened)) know(output, opened);
        if (!isLate) onOpen(opened);
        else if (!('error' in opened)) close(opened.descriptor);
      });
    },
  };
}
