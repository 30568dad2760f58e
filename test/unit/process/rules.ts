// A rule that asks for nothing but what a test adds to it, and a candidate of whom nothing is known.
import { type ResolvedName, resolveName, unresolvedName } from '../../../src/process/name.ts';
import type { SimulatedSystem } from '../../../src/system/simulated/system.ts';

export const ANY = {
  includeStrings: [],
  excludeStrings: [],
  uid: undefined,
  executable: undefined,
  containers: 'exclude',
} as const;

export const NOBODY = {
  comm: '',
  commandLine: undefined,
  exe: () => undefined,
  uid: () => 0,
  isInOwnNamespace: () => true,
};

/** As it is looked up in a world that answers at once. */
export function nameIn(
  { lookups }: SimulatedSystem,
  name: string,
  before = unresolvedName(name),
): ResolvedName {
  let resolved = before;
  resolveName(before, lookups, (answer) => {
    resolved = answer;
  });
  return resolved;
}

export function ruleFor(system: SimulatedSystem, name: string, ...strings: readonly string[]) {
  return {
    ...ANY,
    name: nameIn(system, name),
    includeStrings: strings.map((text) => Buffer.from(text)),
  };
}
