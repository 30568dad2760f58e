// Text from outside, safe to print: values come from command lines and pfiles, so what could forge a line or drive
// a terminal is made visible. Apart from the catalogue, so that padmin starts without that.

const LONGEST_VALUE = 500;
/** Nearly every value; the classes of Unicode below cost half a millisecond when they are first used. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Control and format characters and line separators as \xNN or \uNNNN; long values cut with `…`. */
export function visible(value: string): string {
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  if (PLAIN.test(cut)) return cut;
  return escaped(cut);
}

/** The same for a text of several lines, which may hold tabs; nothing is cut. */
export function visibleLines(text: string): string {
  return text.replace(/[^\n\t]+/g, (part) => (PLAIN.test(part) ? part : escaped(part)));
}

function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** What JSON leaves as it is though a terminal would obey it: DEL, C1, what turns the direction of writing. */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (character) =>
    Array.from({ length: character.length }, (_, at) => escapedUnit(character.charCodeAt(at))).join(''),
  );
}

const UNSAFE_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

function escapedUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
