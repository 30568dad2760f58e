// What scripts and commands write: their files are kept in order at each full check, the last lines of one that
// failed go to the log. Which one failed is decided by src/entry.
import { type LogMessage, message } from '../log/catalogue.ts';
import type { PatientLog } from '../log/log.ts';
import type { Pent } from '../pfile/types.ts';
import type { OutputPlace, OutputProblem, System } from '../system/types.ts';

/** Where the output of one run begins in its file, and that of the next one. */
export type RunOutput = {
  readonly file: string;
  readonly from: OutputPlace;
  to: OutputPlace | undefined;
};

export type OutputLog = {
  /** Opens and cuts these files; each is an entry's, of this name. Within half a second hands over what tells of what is wrong. */
  keep(files: readonly string[], nameOf: (file: string) => string, done: (tell: () => void) => void): void;
  /** Told right before something is started that will write to the file. */
  begin(file: string): RunOutput;
  /** Logs the last lines of the run; the file is read when they are passed on. */
  report(pent: Pick<Pent, 'id' | 'name'>, what: string, output: RunOutput): void;
};

export function createOutputLog({ outputs }: System, log: PatientLog): OutputLog {
  const last = new Map<string, RunOutput>();
  let told = new Set<string>();

  function tell(problems: readonly OutputProblem[], nameOf: (file: string) => string): void {
    const known = told;
    told = new Set();
    for (const problem of problems) {
      const { file, is, error } = problem;
      // Of a folder once, not for each file in it.
      const key = is === 'folder' ? `${is} ${error}` : `${file} ${is} ${error}`;
      const isNew = !known.has(key) && !told.has(key);
      told.add(key);
      if (isNew) log.write(problemMessage(problem, nameOf(file)));
    }
  }

  return {
    keep(files, nameOf, done) {
      outputs.keep(files, (problems) => done(() => tell(problems, nameOf)));
    },
    begin(file) {
      const from = outputs.place(file);
      const before = last.get(file);
      if (before !== undefined) before.to = from;
      const output: RunOutput = { file, from, to: undefined };
      last.set(file, output);
      return output;
    },
    report({ id: pentId, name }, what, output) {
      log.writeLater((write) => {
        const { file, from, to } = output;
        outputs.tail(file, from, to, (text) => {
          write(lastLines(text).map((line) => ({ ...message('lastOutput', { name, what, line }), pentId })));
        });
      });
    },
  };
}

function problemMessage({ file, is, error }: OutputProblem, name: string): LogMessage {
  switch (is) {
    case 'lost':
      return message('scriptOutputLost', { name, file, error });
    case 'folder':
      return message('outputsLost', { error });
    case 'too-long':
      return message('outputNotCut', { name, file, error });
    default:
      return is satisfies never;
  }
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
