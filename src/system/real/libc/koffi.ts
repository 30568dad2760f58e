// What all bindings of libc share: koffi's types, functions that not every libc has, names of errors.
import { constants } from 'node:os';

export type Koffi = typeof import('koffi');
export type Libc = ReturnType<Koffi['load']>;

/** A function that not every libc has. */
export function optional(libc: Libc, prototype: string): ReturnType<Libc['func']> | undefined {
  try {
    return libc.func(prototype);
  } catch {
    // koffi: the symbol is not there.
    return undefined;
  }
}

export function errnoName(number: number): string {
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
}
