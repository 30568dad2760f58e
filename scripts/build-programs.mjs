// Builds the two programs into dist/. Of each: NAME.main.cjs, all of it in one function, so that one that was cut is no
// JavaScript any more; and NAME.cjs, which starts it. psaver.cjs knows whether that one is whole (bin/launch.sh).
// koffi stays outside: it loads a binary next to itself.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { childProcessWhenCalled, compilePadmin } from './build-padmin.mjs';
import { shared } from './build-simulation.mjs';

export async function buildPrograms() {
  const mains = {
    pcheck: await buildMain('pcheck', []),
    padmin: await buildMain('padmin', [childProcessWhenCalled]),
  };
  const starters = {};
  for (const [name, main] of Object.entries(mains)) {
    const text = await buildStarter(name, { MAIN: main, STARTERS: {} });
    starters[`${name}.cjs`] = sha256(text);
  }
  await buildStarter('psaver', { MAIN: {}, STARTERS: starters });
  await compilePadmin(fileOf('padmin'), mains.padmin.digest);
}

function fileOf(name) {
  return `dist/${name}.main.cjs`;
}

/** What psaver.cjs knows of it. */
async function buildMain(name, plugins) {
  const outfile = fileOf(name);
  await build({
    ...shared,
    format: 'cjs',
    entryPoints: [`src/${name}.ts`],
    outfile,
    external: ['koffi'],
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    // require() is there already; the loader of modules would be brought up for koffi alone.
    supported: { 'dynamic-import': false },
    // Its text is read at every start, and stays in pcheck's memory; names stay for who reads a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins,
  });
  const text = readFileSync(outfile);
  // Read as latin1; and one letter that is not ASCII, in a comment of a package, would double it in memory.
  if (text.some((byte) => byte > 0x7f)) throw new Error(`${outfile} is not all ASCII`);
  return { bytes: text.length, digest: sha256(text).slice(0, 16) };
}

/** Returns its text. */
async function buildStarter(name, constants) {
  const outfile = `dist/${name}.cjs`;
  const define = Object.entries({ PROGRAM: name, ...constants }).map(([key, value]) => [
    key,
    JSON.stringify(value),
  ]);
  await build({
    entryPoints: ['scripts/start-program.cjs'],
    outfile,
    platform: 'node',
    // An old Node has to understand it.
    target: 'es5',
    define: Object.fromEntries(define),
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
  return readFileSync(outfile);
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
