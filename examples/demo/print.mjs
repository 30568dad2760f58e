// How the demo speaks: a sentence of its own at the margin, what programs are told and what they say indented.
import { styleText } from 'node:util';

// hasColors is there on a terminal only, and knows NO_COLOR and TERM=dumb.
const hasColors = process.stdout.hasColors?.() === true;

export function say(sentence, style = 'bold') {
  console.log(`\n${styled(style, sentence)}`);
}

export function showCommand(words) {
  console.log(styled('cyan', `    $ ${words.join(' ')}`));
}

/** Lines of a program, as they are. */
export function show(text) {
  if (text !== '') console.log(text.replace(/\n$/, '').replace(/^(?=.)/gm, '    '));
}

function styled(style, text) {
  return hasColors ? styleText(style, text) : text;
}
