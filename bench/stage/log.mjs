// What a pcheck logs, counted as it comes, so that a bench of many restarts does not keep the text.

const KINDS = [
  ['up', / Up$/],
  ['down', / Down$/],
  ['restart', /Try to restart /],
  ['reload', /pfile read again/],
];
const UP = /,pid=(\d+)\) Up$/;
const LAST_LINES = 4;

export function readLog(stream) {
  const counts = new Map(KINDS.map(([kind]) => [kind, 0]));
  const ups = new Set();
  let last = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    last = [...last, ...lines].slice(-LAST_LINES);
    for (const line of lines) {
      for (const [kind, pattern] of KINDS) {
        if (pattern.test(line)) counts.set(kind, counts.get(kind) + 1);
      }
      const [, pid] = UP.exec(line) ?? [];
      if (pid !== undefined) ups.add(Number(pid));
    }
  });
  return {
    count: (kind) => counts.get(kind),
    /** Whether this process was told to be Up since it was last asked for. */
    takeUp: (pid) => ups.delete(pid),
    tell: () =>
      `${[...counts].map(([kind, times]) => `${kind} ${times}`).join(', ')}, logged last: ${last.join(' / ')}`,
  };
}
