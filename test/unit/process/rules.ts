// A rule that asks for nothing but what a test adds to it, and a candidate of whom nothing is known.

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
