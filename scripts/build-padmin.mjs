// What only padmin's build has: a module that Node loads when it is called, and its compiled code for the Node that
// builds (V8's code cache). What is compiled is decided by a rehearsal: padmin asks a pcheck that is played here, and the
// functions that it called are kept.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

export async function compilePadmin(main, digest) {
  for (const name of readdirSync('dist')) if (/^padmin\..*\.code$/.test(name)) rmSync(`dist/${name}`);
  const codeFile = `dist/padmin.${digest}.${process.version}-${process.arch}.code`;
  const folder = mkdtempSync(`${tmpdir()}/psaver-build-`);
  const server = createServer((socket) => socket.once('data', () => socket.end(`${ANSWER}\n`)));
  try {
    writeFileSync(`${folder}/pfile`, 'IPCKEY 0x1\n');
    mkdirSync(`${folder}/psaver`);
    await new Promise((done, fail) => {
      server.on('error', fail).listen(`${folder}/psaver/0x00000001.sock`, done);
    });
    await rehearse(main, codeFile, folder);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

/** Only getent(1) and sub-commands that padmin does not have need it: Node loads it when one of them is run. */
export const childProcessWhenCalled = {
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

function rehearse(main, codeFile, folder) {
  const words = [
    'scripts/rehearse-padmin.cjs',
    main,
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
