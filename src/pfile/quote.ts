// Makes text from a pfile safe to show: nothing in it may move the cursor, colour the terminal, turn the
// direction of writing or forge a second line.

const QUOTED_CHARACTERS_MAX = 60;

/** Control, format and half characters become U+FFFD, one for one; tabs too. */
export function sanitise(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** A path as a shell would have to be given it: as it is, or in single quotes. */
export function shellWord(path: string): string {
  return /^[\w/.,@%+=:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** In double quotes, sanitised, and cut when it is long. */
export function quote(text: string): string {
  // Cut by string length before counting characters: a value may be as long as the file.
  const characters = [...text.slice(0, 2 * QUOTED_CHARACTERS_MAX + 2)];
  const shown =
    characters.length > QUOTED_CHARACTERS_MAX
      ? `${characters.slice(0, QUOTED_CHARACTERS_MAX).join('')}…`
      : characters.join('');
  return `"${sanitise(shown)}"`;
}
