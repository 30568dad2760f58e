// pcheck -t: says whether a pfile is good, and runs nothing.

import { message } from '../log/catalogue.ts';
import { formatMessage } from '../log/format.ts';
import { visible } from '../log/visible.ts';
import { matchRule } from '../monitor/slot.ts';
import type { Pfile } from '../pfile/types.ts';
import { createCensus } from '../process/census.ts';
import { oldestRoot } from '../process/find.ts';
import { createProcessReader } from '../process/reader.ts';
import { realSystem } from '../system/real/system.ts';
import { printError, printOut } from '../system/real/terminal.ts';
import { EXIT } from './exit.ts';
import { loadPfile } from './load-pfile.ts';
import { checkDumpFolder } from './place.ts';

export function testPfile(path: string): number {
  const { pfile, warnings } = loadPfile(path, realSystem.files);
  for (const warning of [...warnings, ...hopelessNames(pfile), ...sharedProcesses(pfile)]) {
    printError(`${warning}\n`);
  }
  checkDumpFolder(pfile.parameters.shmDumpFile);
  const { length } = pfile.pents;
  printOut(`${path}: OK, ${length} ${length === 1 ? 'entry' : 'entries'}\n`);
  return EXIT.done;
}

/** NAMEs that fit no process as they stand; the service may still have to be installed, so these are warnings. */
function hopelessNames({ path, pents }: Pfile): string[] {
  return pents.flatMap(({ name, line }) => {
    if (!name.includes('/') || realSystem.files.kind(name) === 'file') return [];
    const advice = /[ \t]/.test(name)
      ? 'NAME is the program alone, write its arguments as include_strings'
      : 'no process will match, unless its argv[0] is just that';
    return [`${path}:${line}: warning: NAME ${visible(name)} is not a file on this machine: ${advice}`];
  });
}

/** Entries that would hold the same process, of those that run just now (SPEC 3). */
function sharedProcesses({ path, pents }: Pfile): string[] {
  const { proc, files } = realSystem;
  const census = createCensus(proc, createProcessReader(proc), () => 1);
  census.setRules(pents.map((pent, key) => ({ key, rule: matchRule(pent, files) })));
  census.look('all', 0);
  const held = pents.map((_, index) => oldestRoot(census.matchesOf(index, false)));
  return held.flatMap((match, index) => {
    const first = held.findIndex((other) => other !== undefined && other.pid === match?.pid);
    if (match === undefined || first === index) return [];
    const { pid } = match;
    const text = formatMessage(message('heldTwice', { first: first + 1, second: index + 1, pid }));
    return [`${path}:${pents[index]?.line}: warning: ${text}`];
  });
}
