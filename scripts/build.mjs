// Bundles the two programs into dist/ as CommonJS (a bundle starts in half the time of loose modules; padmin's is
// compiled already); with --tests also every test into build/. koffi stays outside: it loads a binary next to itself.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildPadmin } from './build-padmin.mjs';
import { buildSimulation, forTests, shared } from './build-simulation.mjs';

const programs = {
  ...shared,
  format: 'cjs',
  external: ['koffi'],
  // require() is there already; the loader of modules would be brought up for koffi alone.
  supported: { 'dynamic-import': false },
};

await build({
  ...programs,
  entryPoints: ['src/pcheck.ts'],
  outfile: 'dist/pcheck.cjs',
  // Its text stays in memory; one letter that is not ASCII, in a comment of a package, would double it.
  minifyWhitespace: true,
  minifySyntax: true,
  // An older Node would end with 1 somewhere in the middle; 1 is kept for retry-over.
  banner: {
    js: `if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write('psaver needs Node 20.19 or later, this is ' + process.version + '\\n');
  process.exit(70);
}`,
  },
});
await buildPadmin(programs);

if (process.argv.includes('--tests')) {
  rmSync('build', { recursive: true, force: true });
  await build({
    ...shared,
    ...forTests,
    entryPoints: readdirSync('test', { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/${name}`),
    outdir: 'build',
    outbase: 'test',
  });
}
if (process.argv.includes('--tests') || process.argv.includes('--simulation')) {
  await buildSimulation('build/simulation/main.mjs');
}
