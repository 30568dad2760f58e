// What the simulation finds: a broken invariant, with the moment and the entry it was seen at.

export class Violation extends Error {
  readonly invariant: string;
  constructor(invariant: string, details: string) {
    super(`${invariant}: ${details}`);
    this.invariant = invariant;
  }
}

/** pcheck is killed here. */
export class Killed extends Error {}
