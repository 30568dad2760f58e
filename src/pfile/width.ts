// How many columns of a terminal a character takes: two for the wide ones of East Asian scripts and emoji,
// none for marks that sit on the character before them, eight (at most) for a tab.

const TAB_COLUMNS = 8;

const WIDE_RANGES: ReadonlyArray<readonly [first: number, last: number]> = [
  [0x1100, 0x115f], // Hangul initial consonants
  [0x2e80, 0x303e], // radicals, CJK punctuation, the full-width blank
  [0x3041, 0xa4cf], // kana, CJK ideographs, Yi
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // compatibility ideographs
  [0xfe30, 0xfe6f], // vertical and small forms
  [0xff01, 0xff60], // full-width forms
  [0xffe0, 0xffe6], // full-width signs
  [0x1f300, 0x1faff], // emoji
  [0x20000, 0x3fffd], // further ideographs
];

export function columnsOf(character: string): number {
  if (character === '\t') return TAB_COLUMNS;
  if (/\p{M}/u.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  return WIDE_RANGES.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
