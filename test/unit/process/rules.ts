// A rule that asks for nothing but what a test adds to it, and a candidate of whom nothing is known.
import { resolveName } from '../../../src/process/name.ts';
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

export function ruleFor(system: SimulatedSystem, name: string, ...strings: readonly string[]) {
  return {
    ...ANY,
    name: resolveName(name, system.files),
    includeStrings: strings.map((text) => Buffer.from(text)),
  };
}
