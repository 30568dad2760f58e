// Which processes an entry means, told from the truth of the world and the words of the specification (SPEC 3),
// not from /proc: written apart from src/process.
import type { Pent } from '../../src/pfile/types.ts';
import { serviceOf } from './plan.ts';
import type { Being } from './population.ts';

/** `unknown`: what would have to be read cannot be read just now. */
export type Verdict = 'yes' | 'no' | 'unknown';

export function isAlive({ diedAt }: Being): boolean {
  return diedAt === undefined;
}

export function fits(pent: Pent, being: Being): Verdict {
  const { process } = being;
  if (!isAlive(being) || process.isKernelThread) return 'no';
  if (isScript(being)) return 'no';
  // User and executable say so, whatever the command line is.
  if (pent.uid !== undefined && process.uid !== pent.uid) return 'no';
  if (pent.exe !== undefined && process.exe !== pent.exe) return 'no';
  if (process.isUnreadable || being.isTitleNew || being.isLocked) return 'unknown';
  if (pent.containers === 'exclude' && process.namespacesBelow > 0) return 'no';
  const { path } = serviceOf(pent);
  const line = process.argv.join(' ');
  const [program = ''] = process.argv;
  const isNamed = pent.name.startsWith('/')
    ? program === pent.name || process.exe === path
    : program.split('/').at(-1) === pent.name || process.comm === pent.name;
  if (!isNamed) return 'no';
  const isIncluded = pent.includeStrings.every((text) => line.includes(text));
  const isExcluded = pent.excludeStrings.some((text) => line.includes(text));
  return isIncluded && !isExcluded ? 'yes' : 'no';
}

/** A script, check or last command that is still its own program. */
export function isScript({ script, process }: Being): boolean {
  return script !== undefined && process.argv.includes(script.command.path);
}
