// Turns a message of the catalogue into one line of text. Values come from command lines and pfiles, so what
// could forge a line or drive a terminal is made visible here.
import { catalogue, type LogMessage } from './catalogue.ts';

export function formatMessage(message: LogMessage): string {
  // Every member's values are strings and numbers by name; the union of them has no common index signature.
  const values = message.values as Readonly<Record<string, string | number>>;
  return catalogue[message.id].text.replace(/\{(\w+)\}/g, (_, name: string) => visible(String(values[name])));
}

const LONGEST_VALUE = 500;

/** Control and format characters and line separators as \xNN or \uNNNN; long values cut with `…`. */
export function visible(value: string): string {
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
