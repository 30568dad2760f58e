// Bundles the two programs into dist/, one CommonJS file each (a bundle starts in half the time of loose
// modules); with --tests also every test into build/. koffi stays outside: it loads a binary next to itself.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildSimulation, forTests, shared } from './build-simulation.mjs';

await build({
  ...shared,
  entryPoints: ['src/pcheck.ts', 'src/padmin.ts'],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  external: ['koffi'],
  // An older Node would end with 1 somewhere in the middle; 1 is kept for retry-over.
  banner: {
    js: `if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write('psaver needs Node 20.19 or later, this is ' + process.version + '\\n');
  process.exit(70);
}`,
  },
});

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
