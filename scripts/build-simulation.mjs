// Bundles the simulation, with the counted transition in the place of the real one, and with a bug put in where one
// is asked for; and what all bundles have in common.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

export const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { PSAVER_VERSION: JSON.stringify(version) },
  legalComments: 'linked',
  logLevel: 'warning',
};

export const forTests = {
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
};

/** `bug`: in `file`, `from` is replaced by `to`; it must be there. */
export async function buildSimulation(outfile, bug) {
  const { outExtension: _, ...options } = forTests;
  await build({
    ...shared,
    ...options,
    entryPoints: ['test/simulation/main.ts'],
    outfile,
    plugins: [countedTransition, ...(bug === undefined ? [] : [withBug(bug)])],
  });
}

const COUNTED = resolve('test/simulation/counted-transition.ts');

const countedTransition = {
  name: 'counted-transition',
  setup({ onResolve }) {
    onResolve({ filter: /entry\/transition\.ts$/ }, ({ importer }) =>
      importer === COUNTED ? undefined : { path: COUNTED },
    );
  },
};

function withBug({ file, from, to }) {
  return {
    name: 'bug',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== resolve(file)) return undefined;
        const text = readFileSync(path, 'utf8');
        if (!text.includes(from)) throw new Error(`${file} does not hold: ${from}`);
        return { contents: text.replace(from, to), loader: 'ts' };
      });
    },
  };
}

// Also a program of its own: OUTFILE, and a bug as JSON.
if (process.argv[1] === import.meta.filename) {
  const [, , outfile, bug] = process.argv;
  await buildSimulation(outfile, bug === undefined ? undefined : JSON.parse(bug));
}
