// What a node has logged, with moments that can be compared between nodes: they share one clock.
import type { Machine } from '../machines/machine.ts';

export type Line = { readonly at: number; readonly text: string };

/** The lines from then on; moments are milliseconds of the wall clock. */
export function journalSince(machine: Machine, since: number): readonly Line[] {
  const { stdout } = machine.run([
    ...(['journalctl', '--quiet', '--no-pager', '--no-hostname', '--output=short-unix'] as const),
    `--since=@${Math.floor(since / 1000)}`,
  ]);
  return stdout
    .split('\n')
    .map((line) => {
      const [seconds = '', ...words] = line.split(' ');
      return { at: Number(seconds) * 1000, text: words.join(' ') };
    })
    .filter(({ at }) => at >= since);
}
