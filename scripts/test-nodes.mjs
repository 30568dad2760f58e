// The built programs on other versions of Node than the one at hand: npm brings each into a folder of its own, which is
// removed afterwards, and the demo and the scenarios run with it. What was built and compiled stays that of this Node.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';

const MAJORS = [22, 24];
const SCENARIOS = [
  'scenario/scenarios',
  'scenario/padmin-last',
  'scenario/padmin-statuses',
  'scenario/command-line',
];

const failed = MAJORS.filter((major) => !passes(major));
if (failed.length > 0) {
  console.error(`failed with Node ${failed.join(', ')}`);
  process.exit(1);
}

function passes(major) {
  const folder = mkdtempSync(`${tmpdir()}/psaver-node-${major}-`);
  try {
    return (
      run('npm', ['install', '--silent', '--prefix', folder, `node-linux-${process.arch}@${major}`]) &&
      run('node', ['--version'], folder) &&
      run('node', ['examples/demo/demo.mjs'], folder) &&
      run('node', ['scripts/test.mjs', ...SCENARIOS], folder)
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With the Node of `folder` first in PATH, where one is given. */
function run(program, words, folder) {
  const bin = `${folder}/node_modules/node-linux-${process.arch}/bin`;
  const env =
    folder === undefined ? process.env : { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  return spawnSync(program, words, { stdio: 'inherit', env }).status === 0;
}
