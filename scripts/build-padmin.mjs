// Builds padmin: dist/padmin.cjs, which is started, padmin.main.cjs, which is all of its program in one function, and
// that as compiled code for the Node that builds (V8's code cache). What is compiled is decided by a rehearsal: padmin
// asks a pcheck that is played here, and the functions that it called are kept.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { build } from 'esbuild';

const MAIN = 'dist/padmin.main.cjs';

export async function buildPadmin(options) {
  for (const name of readdirSync('dist')) if (/^padmin\./.test(name)) rmSync(`dist/${name}`);
  await build({
    ...options,
    entryPoints: ['src/padmin.ts'],
    outfile: MAIN,
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    // Read at every start; names stay for who reads a stack.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [childProcessWhenCalled],
  });
  const digest = createHash('sha256').update(readFileSync(MAIN)).digest('hex').slice(0, 16);
  await build({
    ...options,
    bundle: false,
    external: undefined,
    entryPoints: ['scripts/start-padmin.cjs'],
    outfile: 'dist/padmin.cjs',
    define: { BUILD: JSON.stringify(digest) },
  });
  await rehearse(`dist/padmin.${digest}.${process.version}-${process.arch}.code`);
}

/** Only getent(1) and sub-commands that padmin does not have need it: Node loads it when one of them is run. */
const childProcessWhenCalled = {
  name: 'child-process-when-called',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ namespace, path }) =>
      namespace === 'when-called' ? { path, external: true } : { path, namespace: 'when-called' },
    );
    onLoad({ filter: /./, namespace: 'when-called' }, () => ({
      contents: ['spawn', 'spawnSync']
        .map((name) => `exports.${name} = (...words) => require('node:child_process').${name}(...words);`)
        .join('\n'),
    }));
  },
};

async function rehearse(codeFile) {
  const folder = mkdtempSync(`${tmpdir()}/psaver-build-`);
  const server = createServer((socket) => socket.once('data', () => socket.end(`${ANSWER}\n`)));
  try {
    writeFileSync(`${folder}/pfile`, 'IPCKEY 0x1\n');
    mkdirSync(`${folder}/psaver`);
    await new Promise((done, fail) => {
      server.on('error', fail).listen(`${folder}/psaver/0x00000001.sock`, done);
    });
    await padmin(codeFile, folder);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

function padmin(codeFile, folder) {
  const words = [
    'scripts/rehearse-padmin.cjs',
    MAIN,
    codeFile,
    '-f',
    `${folder}/pfile`,
    '-c',
    'show',
    'pent',
  ];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, words, {
    env: { ...env, XDG_RUNTIME_DIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', (status) => {
      if (status === 0) done();
      else fail(new Error(`the rehearsal of padmin ended with ${status}`));
    });
  });
}

const ANSWER = JSON.stringify({
  kind: 'pents',
  snapshot: {
    pfile: '/pfile',
    pcheckPid: 1,
    version: '0',
    takenAt: 0,
    pents: [
      {
        pentId: 1,
        name: 'name',
        pid: 1,
        retryCount: 1,
        restartCount: 1,
        status: 'AVAIL',
        retryOverAction: 'exit',
        rerunAt: 0,
        includeStrings: 'a&b',
        monitoring: 'on',
        phase: 'watching',
        reason: '',
        phaseEndsAt: 0,
        restartReason: 'down',
        matchingPids: [1],
        availSince: 0,
        retry: 1,
        graceSeconds: 1,
        graceEndsAt: 0,
        checkFails: 0,
        nextCheckAt: 0,
      },
    ],
  },
});
