// rsyslog as Debian has it, with a configuration of its own: the file that an operator's log watcher reads.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { catalogue } from '../../../src/log/catalogue.ts';
import { behindPrefix } from '../../harness/programs.ts';
import { until } from '../../harness/until.ts';
import type { PrivateDev } from './private-dev.ts';

export type Entry = {
  readonly tag: string;
  readonly pid: number;
  readonly text: string;
};

export type Syslog = {
  readonly file: string;
  /** What the programs of psaver have written so far, in the order of the file. */
  entries(): Entry[];
  /** Waits for this text from this program, and from this process of it where a pid is given. */
  logged(text: string, tag: string, pid?: number): Promise<void>;
  stop(): void;
};

export async function startSyslog({ inside, path }: PrivateDev): Promise<Syslog> {
  const file = inside.path('syslog');
  const configuration = inside.write(
    'rsyslog.conf',
    `module(load="imuxsock" SysSock.Use="on" SysSock.Name="/dev/log")
*.* action(type="omfile" file="${file}" template="RSYSLOG_TraditionalFileFormat")
`,
  );
  const command = ['rsyslogd', '-n', '-f', configuration, '-i', inside.path('rsyslog.pid')] as const;
  const [program, ...words] = behindPrefix(inside, command);
  const daemon = spawn(program, words, { env: inside.environment, stdio: 'inherit' });
  await until('rsyslogd has made /dev/log', () => existsSync(`${path}/log`));
  const entries = () => (existsSync(file) ? parse(readFileSync(file, 'utf8')) : []);
  return {
    file,
    entries,
    async logged(text, tag, pid) {
      const isIt = (entry: Entry) =>
        entry.text === text && entry.tag === tag && entry.pid === (pid ?? entry.pid);
      await until(
        `the syslog file has "${tag}[${pid ?? 'PID'}]: ${text}"`,
        () => entries().some(isIt),
        PATIENCE_SECONDS,
      );
    },
    stop: () => void daemon.kill('SIGTERM'),
  };
}

/** Whether a log watcher made for the original knows this message (SPEC 5, [C]). */
export function isCompatible({ text }: Entry): boolean {
  return COMPATIBLE.some((pattern) => pattern.test(text));
}

/** Tomcat takes some seconds, on a busy machine many. */
const PATIENCE_SECONDS = 60;

/** RSYSLOG_TraditionalFileFormat: `Mmm dd hh:mm:ss HOST TAG[PID]: TEXT`. */
const LINE = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ (pcheck|padmin)\[(\d+)\]: (.*)$/;

function parse(text: string): Entry[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => /pcheck|padmin/.test(line))
    .map((line) => {
      const [, tag, pid, message] = LINE.exec(line) ?? [];
      if (tag === undefined || message === undefined) throw new Error(`not in the expected form: ${line}`);
      return { tag, pid: Number(pid), text: message };
    });
}

const COMPATIBLE = Object.values(catalogue)
  .filter((message) => 'compatible' in message)
  .map(({ text }) => new RegExp(`^${withHoles(text)}$`));

/** The text as a pattern in which anything may stand for the values. */
function withHoles(text: string): string {
  return text
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[^\w ]/g, '\\$&'))
    .join('.*');
}
