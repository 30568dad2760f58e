// The times of the story, as the runner prints them.
import type { TestContext } from 'node:test';
import type { Line } from './journal.ts';
import type { Jvm } from './jvms.ts';

/** `parts` in milliseconds. */
export function tell(t: TestContext, what: string, parts: Readonly<Record<string, number>>): void {
  const texts = Object.entries(parts).map(([name, part]) => `${name} ${(part / 1000).toFixed(2)} s`);
  t.diagnostic(`${what}: ${texts.join(', ')}`);
}

/** The moment of the first line that matches; not a number where there is none. */
export function momentOf(lines: readonly Line[], pattern: RegExp): number {
  return lines.find(({ text }) => pattern.test(text))?.at ?? Number.NaN;
}

export function described({ node, startedAt, endedAt }: Jvm, first: Jvm | undefined): string {
  const moment = (at: number) => ((at - (first?.startedAt ?? 0)) / 1000).toFixed(3);
  return `Tomcat on ${node}: ${moment(startedAt)} to ${endedAt === undefined ? 'now' : moment(endedAt)}`;
}
