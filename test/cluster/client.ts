// The client's view: which node has answered when, and how long nobody did.
import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { until } from '../harness/until.ts';
import { inNetworkOf } from './network.ts';

export type Answer = { readonly askedAt: number; readonly at: number; readonly node: string };

export type Client = {
  /** Waits for an answer to a question that was asked from now on; all moments are milliseconds of the wall clock. */
  answeredBy(node: string, patienceSeconds?: number): Promise<Answer>;
  /** The longest time between two answers that ended after `since`. */
  longestGapSeconds(since: number): number;
  /** The last answer before the longest such gap, and the first after it. */
  longestGap(since: number): readonly [Answer, Answer];
  /** All nodes that have answered since then, in their order. */
  nodesSince(since: number): readonly string[];
};

export function startClient(t: Pick<TestContext, 'after'>, network: number, url: string): Client {
  const [file, ...words] = inNetworkOf(network, [process.execPath, 'test/cluster/client.mjs', url]);
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => void child.kill('SIGKILL'));
  const answers: Answer[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [askedAt, at, node = ''] = line.split(' ');
      answers.push({ askedAt: Number(askedAt), at: Number(at), node });
    }
  });

  function longestGap(since: number): readonly [Answer, Answer] {
    const inOrder = answers.toSorted((a, b) => a.at - b.at);
    const pairs = inOrder.slice(1).map((after, index) => [inOrder[index] ?? after, after] as const);
    const [first, ...others] = pairs.filter(([, after]) => after.at > since);
    if (first === undefined) throw new Error('the client had no answer');
    return others.reduce((longest, pair) => (length(pair) > length(longest) ? pair : longest), first);
  }

  return {
    async answeredBy(node, patienceSeconds = 120) {
      const since = Date.now();
      const find = () => answers.find((answer) => answer.askedAt >= since && answer.node === node);
      await until(`${node} answers the client`, () => find() !== undefined, patienceSeconds);
      const found = find();
      if (found === undefined) throw new Error('unreachable: it was there');
      return found;
    },
    longestGap,
    longestGapSeconds: (since) => length(longestGap(since)) / 1000,
    nodesSince: (since) => [
      ...new Set(answers.filter(({ askedAt }) => askedAt >= since).map(({ node }) => node)),
    ],
  };
}

function length([before, after]: readonly [Answer, Answer]): number {
  return after.at - before.at;
}
