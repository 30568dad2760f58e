// The built programs on other versions of Node than the one at hand: npm brings each into a folder of its own, which is
// removed afterwards, and the demo and the scenarios run with it; the oldest ones are only to be refused. What was built
// and compiled stays that of this Node.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';

const MAJORS = [22, 24];
/** On which psaver does not run, and says so. */
const OLD_MAJORS = [10, 18];
const SCENARIOS = [
  'scenario/scenarios',
  'scenario/padmin-last',
  'scenario/padmin-statuses',
  'scenario/command-line',
  'scenario/launcher',
  'scenario/lost-output',
];

const failed = [
  ...MAJORS.filter((major) => !passes(major)),
  ...OLD_MAJORS.filter((major) => !isRefused(major)),
];
if (failed.length > 0) {
  console.error(`failed with Node ${failed.join(', ')}`);
  process.exit(1);
}

function passes(major) {
  return withNode(major, (folder) => {
    const environment = { PATH: `${folder}${delimiter}${process.env.PATH}` };
    return (
      run('node', ['--version'], environment) &&
      run('node', ['examples/demo/demo.mjs'], environment) &&
      run('node', ['scripts/test.mjs', ...SCENARIOS], environment)
    );
  });
}

function isRefused(major) {
  return withNode(major, (folder) =>
    run('node', ['scripts/test.mjs', 'scenario/launcher'], { OLD_NODE: `${folder}/node` }),
  );
}

/** `check` is given the folder that its binary lies in. */
function withNode(major, check) {
  const folder = mkdtempSync(`${tmpdir()}/psaver-node-${major}-`);
  const name = `node-linux-${process.arch}`;
  try {
    return (
      run('npm', ['install', '--silent', '--prefix', folder, `${name}@${major}`]) &&
      check(`${folder}/node_modules/${name}/bin`)
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program, words, environment = {}) {
  return (
    spawnSync(program, words, { stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0
  );
}
