// docs/reference/messages.md, made of the message catalogue. docs.mjs writes it, a test compares it.
import { catalogue, type Level } from '../src/log/catalogue.ts';

export const MESSAGES_PAGE = 'docs/reference/messages.md';

export function renderMessages(): string {
  return [HEAD, ...LEVELS.map(renderLevel)].join('\n');
}

const HEAD = `<!-- Made by \`npm run docs\` from src/log/catalogue.ts: change it there. -->

# Messages

All that pcheck and padmin write to syslog, the most serious level first. A word in braces stands for a value:
\`{name}\` is the NAME of the PENT line, \`{pid}\` a process. Lines of pcheck have the tag \`pcheck[PID]\`, those of
padmin \`padmin[PID]\`; the facility is daemon. The id is what the JSON log (\`pcheck --json-log FILE\`) calls the
message.

Texts marked **compatible** are those of MC ProcessSaver to the letter and never change. The others are psaver's
own: match the words around the values, and expect new ones.

Scripts and commands write to SHM_DUMP_FILE.PENT_ID.out: with \`SHM_DUMP_FILE /var/opt/HA/PS/log/tomcat.dump\` that is
\`/var/opt/HA/PS/log/tomcat.dump.1.out\` for the first entry.
`;

const LEVELS: readonly (readonly [level: Level, meaning: string])[] = [
  ['crit', 'pcheck ends, and the service is not kept running any more.'],
  ['err', 'a service is given up, or nothing is watched.'],
  ['warning', 'something has failed; pcheck deals with it, or goes on without it.'],
  ['notice', 'something was done, or asked for.'],
  ['info', 'the ordinary course.'],
  ['debug', 'with `pcheck -v` only.'],
];

function renderLevel([level, meaning]: (typeof LEVELS)[number]): string {
  const messages = Object.entries(catalogue).filter(([, message]) => message.level === level);
  return [`## ${level}: ${meaning}\n`, ...messages.map(renderMessage)].join('\n');
}

function renderMessage([id, message]: [string, (typeof catalogue)[keyof typeof catalogue]]): string {
  const mark = 'compatible' in message ? ', compatible' : '';
  return `### \`${message.text}\`

Id \`${id}\`${mark}.

- ${message.meaning}
- **What to do:** ${message.action}
`;
}
