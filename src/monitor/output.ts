// What scripts and commands write: their files are kept in order at each full check, the last lines of one that
// failed go to the log. Which one failed is decided by src/entry.
import { message } from '../log/catalogue.ts';
import type { PatientLog } from '../log/log.ts';
import type { Pent } from '../pfile/types.ts';
import type { System } from '../system/types.ts';

/** Where the output of one run begins in its file, and that of the next one. */
export type RunOutput = {
  readonly file: string;
  readonly from: number;
  to: number;
};

export type OutputLog = {
  /** Opens and cuts these files; each is an entry's, of this name. */
  keep(files: readonly string[], nameOf: (file: string) => string): void;
  /** Told right before something is started that will write to the file. */
  begin(file: string): RunOutput;
  /** Logs the last lines of the run; the file is read when they are passed on. */
  report(pent: Pick<Pent, 'id' | 'name'>, what: string, output: RunOutput): void;
};

export function createOutputLog({ outputs }: System, log: PatientLog): OutputLog {
  const last = new Map<string, RunOutput>();
  let told = new Set<string>();
  return {
    keep(files, nameOf) {
      const problems = new Set<string>();
      for (const { file, is, error } of outputs.keep(files)) {
        const problem = `${file} ${is} ${error}`;
        problems.add(problem);
        if (told.has(problem)) continue;
        const id = is === 'lost' ? 'scriptOutputLost' : 'outputNotCut';
        log.write(message(id, { name: nameOf(file), file, error }));
      }
      told = problems;
    },
    begin(file) {
      const from = outputs.position(file);
      const before = last.get(file);
      if (before !== undefined) before.to = from;
      const output: RunOutput = { file, from, to: Number.POSITIVE_INFINITY };
      last.set(file, output);
      return output;
    },
    report({ id: pentId, name }, what, output) {
      log.writeLater(() => {
        const { file, from, to } = output;
        return lastLines(outputs.tail(file, from, to)).map((line) => ({
          ...message('lastOutput', { name, what, line }),
          pentId,
        }));
      });
    },
  };
}

const LINES_MAXIMUM = 3;
const LINE_CHARACTERS_MAXIMUM = 200;

/** The last lines that say something, each cut to what a log line can bear. */
export function lastLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-LINES_MAXIMUM)
    .map(shortened);
}

function shortened(line: string): string {
  const characters = [...line.trimEnd()];
  if (characters.length <= LINE_CHARACTERS_MAXIMUM) return characters.join('');
  return `${characters.slice(0, LINE_CHARACTERS_MAXIMUM - 1).join('')}…`;
}
