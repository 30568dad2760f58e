// What --against prints: each figure of both builds, their difference, and the noise, which is the spread of
// the old build's rounds.
import { summary } from './statistics.mjs';

/** Whether one is worse by more than the noise and by more than it may be. */
export function printComparison(results) {
  const lines = figuresOf(results).map(compare);
  const heads = ['figure', 'old', 'new', 'difference', 'noise', ''];
  const cells = lines.map(({ name, write, old, now, noise, verdict }) => [
    name,
    write(old),
    write(now),
    `${now < old ? '-' : '+'}${write(Math.abs(now - old)).replace('× ', '')}`,
    write(noise).replace('× ', ''),
    verdict,
  ]);
  const table = [heads, heads.map(() => '---'), ...cells];
  console.log(`\n${table.map((line) => `| ${line.join(' | ')} |`).join('\n')}`);
  return lines.some(({ verdict }) => verdict === 'WORSE');
}

/** Each figure once, with the values of all rounds of both builds. */
function figuresOf(results) {
  const figures = new Map();
  for (const { build, figures: own = [] } of results) {
    for (const figure of own) {
      if (!figures.has(figure.name)) figures.set(figure.name, { ...figure, values: { old: [], new: [] } });
      figures.get(figure.name).values[build].push(figure.value);
    }
  }
  // A build whose rounds have all failed has no figure; the failures are told, and end the bench with 1.
  return [...figures.values()].filter(({ values }) => values.old.length > 0 && values.new.length > 0);
}

function compare({ name, write, allowed, values }) {
  const [old, now] = [summary(values.old).median, summary(values.new).median];
  const noise = Math.max(...values.old) - Math.min(...values.old);
  const room = Math.max(noise, allowed);
  return { name, write, old, now, noise, verdict: verdictOf(now - old, room, values.old.length) };
}

function verdictOf(difference, room, rounds) {
  // One round shows no noise.
  if (rounds < 2) return '-';
  if (difference > room) return 'WORSE';
  return difference < -room ? 'better' : 'as before';
}
