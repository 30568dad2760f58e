// Command lines pasted from documents: a word processor's dash in place of `-`. Commander would only say
// that there are too many arguments.
import { EXIT, ExitError } from './exit.ts';

const LOOKALIKES: Readonly<Record<string, string>> = {
  '\u2010': 'a HYPHEN (U+2010)',
  '\u2011': 'a NON-BREAKING HYPHEN (U+2011)',
  '\u2013': 'an EN DASH (U+2013)',
  '\u2014': 'an EM DASH (U+2014)',
  '\u2212': 'a MINUS SIGN (U+2212)',
  '\u30fc': 'a Japanese long vowel mark (U+30FC)',
  '\uff0d': 'a full-width hyphen (U+FF0D)',
};

const ANY_DASHES = /^[-\u2010\u2011\u2013\u2014\u2212\u30fc\uff0d]+/;

/** Throws for a word that begins with a dash that is none. */
export function refuseForeignDashes(words: readonly string[]): void {
  for (const word of words) {
    const lookalike = LOOKALIKES[word.charAt(0)];
    if (lookalike === undefined) continue;
    const rest = word.replace(ANY_DASHES, '');
    throw new ExitError(
      EXIT.usage,
      `"${word}" begins with ${lookalike}, not with "-": pasted from a document? Type "${rest.length > 1 ? '--' : '-'}${rest}"`,
    );
  }
}
