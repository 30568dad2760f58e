// `npm run bench [ROW…] [--strict] [--seed N] [--rounds N] [--kills N]`: measures the built programs beside their floors
// and peers, in one run, and prints a table. Rows are chosen by the first word of their file in bench/rows.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { death } from './rows/death.mjs';
import { growth } from './rows/growth.mjs';
import { idle } from './rows/idle.mjs';
import { kills } from './rows/kills.mjs';
import { padmin } from './rows/padmin.mjs';
import { poll } from './rows/poll.mjs';
import { scan } from './rows/scan.mjs';
import { storm } from './rows/storm.mjs';
import { stuck } from './rows/stuck.mjs';
import { createStage } from './stage/stage.mjs';
import { describeMachine, printRow, printTable } from './stage/table.mjs';
import { compileFloor } from './stage/tools.mjs';

const ROWS = [padmin, scan, death, poll, storm, stuck, kills, idle, growth];
const TMPFS_MAGIC = 0x01021994;
const REAPED = 'PSAVER_BENCH_REAPED';

const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    strict: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '30' },
    kills: { type: 'string', default: '1000' },
  },
});
const unknown = chosen.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')} (there are ${ROWS.map(({ name }) => name).join(', ')})`);
  process.exit(64);
}
process.exit(process.env[REAPED] === undefined ? runReaped() : await run());

/** Runs itself below the reaper, so that what is killed is gone at once, and what is left over is ended. */
function runReaped() {
  const folder = 'build/bench';
  const { reaper } = compileFloor(folder);
  // It would cost every Node that is started 38 ms.
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...environment } = process.env;
  const words = [...withRecordInMemory(), process.execPath, ...process.argv.slice(1)];
  const { status } = spawnSync(reaper, words, { stdio: 'inherit', env: { ...environment, [REAPED]: '1' } });
  rmSync(folder, { recursive: true, force: true });
  return status ?? 1;
}

/** The record lies in /run, which is a tmpfs wherever systemd runs; elsewhere one is mounted that only the bench sees. */
function withRecordInMemory() {
  const isRoot = process.getuid() === 0;
  if (!isRoot || statfsSync('/run').type === TMPFS_MAGIC) return [];
  mkdirSync('/run/psaver', { recursive: true, mode: 0o700 });
  const mount = 'mount -t tmpfs -o mode=700 psaver /run/psaver && exec "$0" "$@"';
  return ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', mount];
}

async function run() {
  const stage = createStage(Number(options.seed), Number(options.rounds), Number(options.kills));
  const results = [];
  console.log(describeMachine(stage));
  try {
    for (const { name, run: measure } of ROWS) {
      if (chosen.length > 0 && !chosen.includes(name)) continue;
      try {
        const rows = await measure(stage);
        for (const row of rows) printRow(row);
        results.push(...rows);
      } catch (error) {
        results.push({
          row: name,
          measured: 'failed',
          spread: String(error),
          beside: '',
          target: 'to run',
          isMet: false,
        });
        printRow(results.at(-1));
      } finally {
        await stage.clear();
      }
    }
  } finally {
    stage.remove();
  }
  printTable(results);
  return options.strict && results.some(({ isMet }) => isMet === false) ? 1 : 0;
}
