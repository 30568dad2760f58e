// Runs the built tests whose path begins with a word of the command line (unit, scenario/tomcat …) with
// node's own runner; its closing count is the last thing printed. Scenarios start real processes and share
// the machine's CPUs, so those run one file after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const folders = process.argv.slice(2);
const files = readdirSync('build', { recursive: true })
  .filter((name) => name.endsWith('.test.mjs') && folders.some((folder) => name.startsWith(folder)))
  .sort()
  .map((name) => `build/${name}`);
if (files.length === 0) {
  console.error(`no tests below build/ for: ${folders.join(' ')}`);
  process.exit(1);
}
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
