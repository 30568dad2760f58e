// Whatever is wrong with Node or with psaver's own files, both programs end with 70, or by a signal where memory is
// short: 1 is kept for retry-over, and 0 would say that all is well. A healthy start asks Node nothing twice.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { copyPsaver, thenRealNode, withOwnNode, writeNode } from '../harness/installation.ts';
import { inNamespace, whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry } from '../harness/one-entry.ts';
import { type Output, run, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const PROGRAMS = ['pcheck', 'padmin'] as const;

/** The copy's program, as a shell of its own would find it. */
function start(workspace: Workspace, program: string, ...words: string[]): Output {
  return run(workspace, [workspace.path(`bin/${program}`), ...words]);
}

function assertCannotStart({ status, stdout, stderr }: Output, what: string): void {
  assert.deepEqual([status, stdout], [70, ''], `${what}: ${stderr}`);
  assert.match(stderr, /^(pcheck|padmin|.*\bKilled\b)/, what);
}

const NO_NODES: Readonly<Record<string, string | Uint8Array>> = {
  'an empty file': '',
  'an old Node, which cannot read the program':
    '#!/bin/sh\necho "SyntaxError: Unexpected token" >&2\nexit 1\n',
  'one that knows no flag': '#!/bin/sh\necho "node: bad option: $1" >&2\nexit 9\n',
  'a script without its interpreter': '#!/nowhere/sh\n',
  'a program of another machine': Buffer.from('7f454c4602010100ff28(', 'latin1'),
  'one that says nothing and ends with 0': '#!/bin/sh\nexit 0\n',
  'one that says something and ends with 0': '#!/bin/sh\necho v99.0.0\n',
  'one that fails': '#!/bin/sh\nexit 1\n',
  'one that lacks a library': '#!/bin/sh\necho "error while loading shared libraries" >&2\nexit 127\n',
  'one that is killed': '#!/bin/sh\nkill -9 $$\n',
};

for (const [what, node] of Object.entries(NO_NODES)) {
  test(`70: node in PATH is ${what}`, (t) => {
    const workspace = withOwnNode(copyPsaver(t));
    writeNode(workspace, node);
    for (const program of PROGRAMS) assertCannotStart(start(workspace, program, '--version'), program);
  });
}

test('a folder called node, and one that cannot be executed, are not taken for Node', (t) => {
  const workspace = withOwnNode(copyPsaver(t));
  mkdirSync(workspace.path('node-folder/node'));
  for (const program of PROGRAMS) assert.equal(start(workspace, program, '--version').status, 0);
  const alone = {
    ...workspace,
    environment: { ...workspace.environment, PATH: workspace.path('node-folder') },
  };
  for (const program of PROGRAMS) {
    const result = start(alone, program, '--version');
    assertCannotStart(result, program);
    assert.match(result.stderr, /node is not in PATH/);
  }
});

const OLD_NODE = process.env['OLD_NODE'];

test('70: a real Node that is older than 20.19 is named with its version', {
  skip: OLD_NODE === undefined && 'needs OLD_NODE, the path of one; npm run test:nodes brings some',
}, (t) => {
  const workspace = withOwnNode(copyPsaver(t));
  symlinkSync(OLD_NODE ?? '', workspace.path('node-folder/node'));
  for (const program of PROGRAMS) {
    const result = start(workspace, program, '--version');
    assertCannotStart(result, program);
    assert.match(result.stderr, /psaver needs Node 20\.19 or later, this is v/);
  }
});

type Spoiling = (workspace: Workspace, program: string) => void;

function spoiled(file: (program: string) => string, how: (path: string, text: Buffer) => void): Spoiling {
  return (workspace, program) => {
    const path = workspace.path(file(program));
    how(path, readFileSync(path));
  };
}

const starter = (program: string) => `dist/${program}.cjs`;
const main = (program: string) => `dist/${program}.main.cjs`;
const asking = () => 'dist/psaver.cjs';
const empty = (path: string) => truncateSync(path, 0);
const cutInHalf = (path: string, { length }: Buffer) => truncateSync(path, length >> 1);
const withoutItsEnd = (path: string, { length }: Buffer) => truncateSync(path, length - 2);
/** As a file system leaves it that lost its last writes. */
const zeroed = (path: string, text: Buffer) => writeFileSync(path, text.fill(0, text.length >> 1));
/** Other JavaScript of the right length; without the compiled code, which would be taken for it. */
function replaced(text: string): Spoiling {
  return (workspace, program) => {
    const code = readdirSync(workspace.path('dist')).filter((name) => name.endsWith('.code'));
    for (const name of code) rmSync(workspace.path(`dist/${name}`));
    spoiled(main, (path, { length }) => writeFileSync(path, text.padEnd(length)))(workspace, program);
  };
}

const SPOILT: Readonly<Record<string, Spoiling>> = {
  'the starter is missing': spoiled(starter, (path) => rmSync(path)),
  'the starter is empty': spoiled(starter, empty),
  'the starter is cut in half': spoiled(starter, cutInHalf),
  'the starter lacks its end': spoiled(starter, withoutItsEnd),
  'the starter is full of zeros': spoiled(starter, zeroed),
  'the starter is another program': spoiled(starter, (path) => writeFileSync(path, 'process.exit(1)\n')),
  'the program is missing': spoiled(main, (path) => rmSync(path)),
  'the program is empty': spoiled(main, empty),
  'the program is cut in half': spoiled(main, cutInHalf),
  'the program lacks its end': spoiled(main, withoutItsEnd),
  'the program does nothing': replaced('(function(){})'),
  'the program throws': replaced('(function(){throw new Error("put in")})'),
  'what asks Node is missing': spoiled(asking, (path) => rmSync(path)),
  'what asks Node is empty': spoiled(asking, empty),
  'what asks Node is cut in half': spoiled(asking, cutInHalf),
  'the common part of the launchers is missing': spoiled(
    () => 'bin/launch.sh',
    (path) => rmSync(path),
  ),
  'the common part of the launchers is empty': spoiled(() => 'bin/launch.sh', empty),
};

for (const [what, spoil] of Object.entries(SPOILT)) {
  test(`70: ${what}`, (t) => {
    for (const program of PROGRAMS) {
      const workspace = copyPsaver(t);
      spoil(workspace, program);
      const { status, stdout } = start(workspace, program, '--version');
      assert.deepEqual([status, stdout], [70, ''], program);
    }
  });
}

test('70: a program that was cut after it had been seen to work', (t) => {
  for (const program of PROGRAMS) {
    const workspace = copyPsaver(t);
    assert.equal(start(workspace, program, '--version').status, 0);
    spoiled(starter, cutInHalf)(workspace, program);
    assertCannotStart(start(workspace, program, '--version'), program);
  }
});

test('70: a launcher that is cut, wherever that is', (t) => {
  const workspace = copyPsaver(t);
  for (const [file, from] of [
    ['padmin', 'trap '],
    ['launch.sh', ''],
  ] as const) {
    const path = workspace.path(`bin/${file}`);
    const text = readFileSync(path, 'utf8');
    for (let length = text.indexOf('\n', text.indexOf(from)) + 1; length < text.length - 10; length += 97) {
      writeFileSync(path, text.slice(0, length));
      const { status, stdout } = start(workspace, 'padmin', '--version');
      assert.deepEqual([status, stdout], [70, ''], `${file}, ${length} bytes`);
    }
    writeFileSync(path, text);
  }
});

const KOFFI_SPOILT: Readonly<Record<string, (files: readonly string[], workspace: Workspace) => void>> = {
  'the package is missing': (_, { path }) => rmSync(path('node_modules/koffi'), { recursive: true }),
  'its binary is missing': (files) => files.forEach((file) => void rmSync(file)),
  'its binary is empty': (files) => files.forEach(empty),
  'its binary is cut': (files) => files.forEach((file) => void truncateSync(file, 300_000)),
  'its binary is something else': (files) => files.forEach((file) => void writeFileSync(file, 'no library')),
  'its program is empty': (_, { path }) => empty(path('node_modules/koffi/index.cjs')),
};

for (const [what, spoil] of Object.entries(KOFFI_SPOILT)) {
  test(`70: without koffi: ${what}`, (t) => {
    const workspace = copyPsaver(t, 'copied');
    const pfile = oneEntry(workspace, 'true', '0:continue');
    const binaries = readdirSync(workspace.path('node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.node'))
      .map((name) => workspace.path(`node_modules/${name}`));
    spoil(binaries, workspace);
    for (const words of [['-f', pfile, '--no-syslog'], ['-t', '-f', pfile], ['--version']]) {
      const result = start(workspace, 'pcheck', ...words);
      assertCannotStart(result, words.join(' '));
      assert.match(result.stderr, /koffi cannot be loaded \(is psaver installed whole\?\)/);
    }
    // 1 would say that one may be started.
    const asked = start(workspace, 'padmin', '-f', pfile, '-c', 'show', 'pent');
    assertCannotStart(asked, 'padmin');
    assert.match(asked.stderr, /no pcheck is running for .*, and none can: koffi cannot be loaded/);
  });
}

test('a flag that Node does not know is left out and named, and pcheck runs', async (t) => {
  const workspace = withOwnNode(createWorkspace(t));
  const unknown = `case " $* " in *" --no-opt "*|*" --no-flush-bytecode "*) echo "node: bad option" >&2; exit 9;; esac`;
  writeNode(workspace, thenRealNode(unknown));
  const pcheck = startPcheck(workspace, ['-f', oneEntry(workspace, 'true', '0:continue'), '--no-syslog']);
  await pcheck.logged(/started/);
  assert.match(
    pcheck.stderr(),
    /^pcheck: .*\/node does not know --no-opt --no-flush-bytecode: started without/,
  );
  const words = readFileSync(`/proc/${pcheck.pid}/cmdline`, 'latin1').split('\0').slice(1, -1);
  assert.deepEqual(words.slice(0, 3), [
    '--max-semi-space-size=1',
    '--no-lazy-feedback-allocation',
    '--expose-gc',
  ]);
  pcheck.signal('SIGTERM');
  assert.equal(await pcheck.ended, 0);
});

test('without a /proc, where nothing can be remembered, they start all the same', {
  skip: whyNoNamespace(),
}, (t) => {
  const workspace = inNamespace(createWorkspace(t), 'mount -t tmpfs tmpfs /proc');
  for (const program of PROGRAMS) {
    const { status, stderr } = run(workspace, [resolve(`bin/${program}`), '--version']);
    assert.deepEqual([status, stderr], [0, ''], program);
  }
});

test('what the environment says to Node changes nothing', (t) => {
  const workspace = copyPsaver(t);
  const environment = {
    ...workspace.environment,
    NODE_OPTIONS: '--no-such-option',
    NODE_ICU_DATA: '/nowhere',
    NODE_CHANNEL_FD: '77',
    NODE_EXTRA_CA_CERTS: '/nowhere',
    OPENSSL_CONF: '/nowhere',
    NODE_REDIRECT_WARNINGS: '/nowhere/warnings',
    // Names of shell variables that a launcher could take for its own.
    node: 'x',
    flags: '--no-such-option',
    unknown: '--expose-gc',
  };
  for (const program of PROGRAMS) {
    const { status, stderr } = start({ ...workspace, environment }, program, '--version');
    assert.deepEqual([status, stderr], [0, ''], program);
  }
});

/** With a directory of its own where pcheck and padmin meet, also for root. */
function apart(t: TestContext): Workspace {
  const workspace = withOwnNode(copyPsaver(t));
  mkdirSync(workspace.path('run'));
  const isRoot = process.getuid?.() === 0;
  return isRoot ? inNamespace(workspace, `mount --bind '${workspace.path('run')}' /run`) : workspace;
}

/** What lies there. */
function runtime(workspace: Workspace, name: string): string {
  return workspace.path(process.getuid?.() === 0 ? `run/psaver/${name}` : `psaver/${name}`);
}

const NO_NAMESPACE = process.getuid?.() === 0 && whyNoNamespace();

test('Node is asked once, and again only when it or the program has changed', { skip: NO_NAMESPACE }, (t) => {
  const workspace = apart(t);
  const log = workspace.write('asked', '');
  const tells = `require('node:fs').appendFileSync('${log}', 'x'); console.log('psaver: node itself');`;
  workspace.write('dist/psaver.cjs', tells);
  symlinkSync(process.execPath, workspace.path('node-folder/node'));
  /** How often Node was asked in two starts. */
  function asked(first = ''): number {
    writeFileSync(log, '');
    const pcheck = `'${workspace.path('bin/pcheck')}' --version`;
    const { status, stderr } = run(workspace, ['/bin/sh', '-c', `${first}\n${pcheck} && ${pcheck}`]);
    assert.deepEqual([status, stderr], [0, '']);
    return readFileSync(log, 'utf8').length;
  }
  assert.equal(asked(), 1);
  assert.equal(asked(), 0, 'nothing has changed');
  rmSync(workspace.path('node-folder/node'));
  writeNode(workspace, thenRealNode(''));
  assert.equal(asked(), 1, 'another file');
  writeNode(workspace, thenRealNode(':'));
  assert.equal(asked(), 1, 'the same file, written anew');
  const past = new Date(2001, 0, 1);
  utimesSync(workspace.path('node-folder/node'), past, past);
  assert.equal(asked(), 1, 'an older one, as a package brings it');
  utimesSync(workspace.path('dist/pcheck.cjs'), past, past);
  assert.equal(asked(), 1, 'another program');
  assert.equal(asked(), 0);
  assert.equal(
    asked('ulimit -v 100000000'),
    2,
    'memory is limited: whether that is enough is asked every time',
  );
  assert.equal(asked(`chmod 750 "${process.getuid?.() === 0 ? '/run' : workspace.folder}/psaver"`), 0);
  rmSync(runtime(workspace, 'pcheck.node'));
  assert.equal(asked(), 2, 'nothing is remembered where somebody else could write');
});

test('one that starts another Node is asked every time, since that may be another one tomorrow', {
  skip: NO_NAMESPACE,
}, (t) => {
  const workspace = apart(t);
  const log = workspace.write('started', '');
  writeNode(workspace, thenRealNode(`echo started >> '${log}'`));
  for (const count of [2, 4]) {
    assert.equal(start(workspace, 'pcheck', '--version').status, 0);
    assert.equal(readFileSync(log, 'utf8').split('\n').length - 1, count);
  }
});

test('what is remembered can only leave out flags, never bring some in', { skip: NO_NAMESPACE }, (t) => {
  const workspace = apart(t);
  symlinkSync(process.execPath, workspace.path('node-folder/node'));
  assert.equal(start(workspace, 'pcheck', '--version').status, 0);
  const file = runtime(workspace, 'pcheck.node');
  const [known] = readFileSync(file, 'utf8').split('\n');
  const script = `printf '%s\\n' '${known}' '--no-opt --require=/nowhere' > '${file}.new'
touch -r '${file}' '${file}.new' && mv '${file}.new' '${file}'`;
  assert.equal(run(withoutNamespace(workspace), ['/bin/sh', '-c', script]).status, 0);
  const { status, stderr } = start(workspace, 'pcheck', '--version');
  assert.equal(status, 0);
  assert.match(stderr, /does not know --no-opt --require=\/nowhere/);
});

/** The same without its namespace. */
function withoutNamespace({ prefix: _, ...workspace }: Workspace): Workspace {
  return workspace;
}

/** Where 70 or a signal is right, and what is no limit at all. */
const LIMITS: readonly (readonly [limit: string, isEnough: boolean])[] = [
  ['-n 20', false],
  ['-n 63', false],
  ['-n 64', true],
  ['-v 40000', false],
  ['-v 400000', false],
  ['-d 1000', false],
  ['-S -n 20', true],
];

for (const [limit, isEnough] of LIMITS) {
  test(`${isEnough ? '0' : '70, or a signal'}: ulimit ${limit}`, { timeout: 120_000 }, (t) => {
    const workspace = copyPsaver(t);
    for (const program of PROGRAMS) {
      const words = [
        '/bin/sh',
        '-c',
        `ulimit ${limit}; exec "$0" "$@"`,
        workspace.path(`bin/${program}`),
      ] as const;
      const { status, stdout } = run(workspace, [...words, '--version']);
      // null: by a signal.
      if (isEnough) assert.equal(status, 0);
      else assert.ok((status === 70 || status === null) && stdout === '', `${program}: ${status}`);
    }
  });
}

test('70: memory so short that Node itself waits for ever', { timeout: 120_000 }, (t) => {
  const workspace = copyPsaver(t);
  const words = ['/bin/sh', '-c', 'ulimit -v 120000; exec "$0" "$@"', workspace.path('bin/padmin')] as const;
  const { status } = run(workspace, [...words, '--version']);
  assert.ok(status === 70 || status === null, String(status));
});
