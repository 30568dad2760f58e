// Bundles the two programs into dist/ as CommonJS (a bundle starts in half the time of loose modules; padmin's is
// compiled already); with --tests also every test, and the programs of tests, into build/.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildPrograms } from './build-programs.mjs';
import { buildSimulation, forTests, shared } from './build-simulation.mjs';

await buildPrograms();

if (process.argv.includes('--tests')) {
  rmSync('build', { recursive: true, force: true });
  await build({
    ...shared,
    ...forTests,
    entryPoints: readdirSync('test', { recursive: true })
      .filter((name) => /\.(test|program)\.ts$/.test(name))
      .map((name) => `test/${name}`),
    outdir: 'build',
    outbase: 'test',
  });
}
if (process.argv.includes('--tests') || process.argv.includes('--simulation')) {
  await buildSimulation('build/simulation/main.mjs');
}
