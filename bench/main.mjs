// `npm run bench [-- ROW… OPTION…]`: measures the built programs beside their floors and peers in one run,
// and prints a table; with --against FOLDER another build in turns. docs/performance.md tells the rows and
// the options.
import { death } from './rows/death.mjs';
import { growth } from './rows/growth.mjs';
import { idle } from './rows/idle.mjs';
import { jvms } from './rows/jvms.mjs';
import { kills } from './rows/kills.mjs';
import { padmin } from './rows/padmin.mjs';
import { poll } from './rows/poll.mjs';
import { scan } from './rows/scan.mjs';
import { stalled } from './rows/stalled.mjs';
import { storm } from './rows/storm.mjs';
import { strangers } from './rows/strangers.mjs';
import { stuck } from './rows/stuck.mjs';
import { printComparison } from './stage/comparison.mjs';
import { parseOptions } from './stage/options.mjs';
import { homeBelowReaper, runBelowReaper } from './stage/reaped.mjs';
import { failed } from './stage/result.mjs';
import { createStage } from './stage/stage.mjs';
import { describeMachine, printRow, printTable } from './stage/table.mjs';
import { oneLine } from './stage/waiting.mjs';

const ROWS = [padmin, scan, death, poll, storm, stuck, stalled, strangers, jvms, kills, idle, growth];

const options = parseOptions(
  process.argv.slice(2),
  ROWS.map(({ name }) => name),
);
const home = homeBelowReaper();
process.exit(home === undefined ? await runBelowReaper() : await run(home));

async function run(home) {
  console.log(describeMachine(options));
  const results = [];
  const isRepeated = options.isCompared || options.rounds > 1;
  for (const row of ROWS.filter(({ name }) => options.rows.includes(name))) {
    for (let round = 1; round <= options.rounds; round++) {
      for (const build of inTurn(options.builds, round)) {
        const prefix = isRepeated ? `${build.label} ${round}: ` : '';
        for (const result of await runOnce(row, build, home)) {
          printRow(result, prefix);
          results.push({ ...result, build: build.label });
        }
      }
    }
  }
  const isWorse = options.isCompared ? printComparison(results, options) : false;
  if (!isRepeated) printTable(results);
  const isMissed = !options.isCompared && results.some(({ isMet }) => isMet === false);
  return results.some(({ isFailed }) => isFailed) || (options.isStrict && (isWorse || isMissed)) ? 1 : 0;
}

/**
 * Whoever comes second meets what the first has left in the machine's caches, so they take turns in that too.
 */
function inTurn(builds, round) {
  return round % 2 === 1 ? builds : [...builds].reverse();
}

/** A row that fails says why, and leaves nothing to the next one. */
async function runOnce(row, build, home) {
  const stage = createStage(options, build, home);
  const results = [];
  try {
    results.push(...(await row.run(stage)));
  } catch (error) {
    results.push(failed(row.name, [oneLine(error), ...stage.tell()].join('; ')));
  }
  try {
    await stage.clear();
  } catch (error) {
    results.push(failed(row.name, `clean-up: ${oneLine(error)}`));
  }
  return results;
}
