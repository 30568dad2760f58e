// The command line of the bench: which rows, which builds, how often.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const OWN = resolve(import.meta.dirname, '../..');
const USAGE_STATUS = 64;
const ROUNDS_AGAINST = 5;
const DEATHS_AGAINST = 300;

export function parseOptions(words, names) {
  const { values, positionals } = parsed(words);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) refuse(`unknown: ${unknown.join(', ')} (there are ${names.join(', ')})`);
  const isCompared = values.against !== undefined;
  const times = whole(values, 'times', 30);
  return {
    rows: positionals.length > 0 ? positionals : names,
    builds: isCompared
      ? [build('old', values.against), build('new', values.build)]
      : [build('psaver', values.build)],
    isCompared,
    isStrict: values.strict,
    rounds: whole(values, 'rounds', isCompared ? ROUNDS_AGAINST : 1),
    times,
    deaths: whole(values, 'deaths', isCompared ? DEATHS_AGAINST : times),
    kills: whole(values, 'kills', 1000),
    seconds: whole(values, 'seconds', 60),
    seed: whole(values, 'seed', 1),
  };
}

const text = { type: 'string' };

function parsed(words) {
  try {
    return parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        strict: { type: 'boolean', default: false },
        build: { type: 'string', default: OWN },
        against: text,
        rounds: text,
        times: text,
        deaths: text,
        kills: text,
        seconds: text,
        seed: text,
      },
    });
  } catch (error) {
    // TypeError: an option that is not known, or has no value.
    return refuse(error.message);
  }
}

function whole(values, name, whenMissing) {
  const value = values[name] ?? String(whenMissing);
  return /^[1-9][0-9]{0,8}$/.test(value)
    ? Number(value)
    : refuse(`--${name} ${value}: not a whole number from 1 on`);
}

function build(label, folder) {
  const [pcheck, padmin, padminBundle, pcheckBundle] = [
    'bin/pcheck',
    'bin/padmin',
    'dist/padmin.cjs',
    'dist/pcheck.cjs',
  ].map((path) => resolve(folder, path));
  const missing = [pcheck, padmin, padminBundle, pcheckBundle].filter((path) => !existsSync(path));
  if (missing.length > 0) refuse(`${folder} is no built checkout: ${missing.join(', ')} is missing`);
  return { label, pcheck, padmin, padminBundle };
}

function refuse(message) {
  console.error(message);
  process.exit(USAGE_STATUS);
}
