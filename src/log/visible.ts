// Text from outside, safe to print: values come from command lines and pfiles, so what could forge a line or drive
// a terminal is made visible. Apart from the catalogue, so that padmin starts without that.

const LONGEST_VALUE = 500;
/** Nearly every value; the classes of Unicode below cost half a millisecond when they are first used. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Control and format characters and line separators as \xNN or \uNNNN; long values cut with `…`. */
export function visible(value: string): string {
  const cut = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  if (PLAIN.test(cut)) return cut;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
