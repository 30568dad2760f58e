// The shell before a script: there only where something has to be set back. It is run for real here, because
// what it does is decided by /bin/sh and the kernel.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { scriptCommand } from '../../../src/system/real/script-shell.ts';

const PLAIN = { nice: 0, oomScoreAdj: 0 };
const SCRIPT = { path: '/start.sh', arguments: ['-x'] };

/** What a script says that runs behind the shell, itself below a process with this nice value and OOM score. */
function behind(protection: typeof PLAIN, oomScoreAdj: number): string[] {
  const says = 'cut -d" " -f19 /proc/$$/stat; cat /proc/$$/oom_score_adj; echo $$ "$@"';
  const { path: shell, arguments: words } = scriptCommand(
    { path: '/bin/sh', arguments: ['-c', says, 'x', "a b'", '$c'] },
    undefined,
    protection,
  );
  const outer = `echo ${oomScoreAdj} >/proc/self/oom_score_adj; echo $$; exec "$0" "$@"`;
  const text = execFileSync('/bin/sh', ['-c', outer, shell, ...words], { encoding: 'utf8', stdio: 'pipe' });
  return text.trimEnd().split('\n');
}

test('with nothing to set back there is no shell', () => {
  assert.deepEqual(scriptCommand(SCRIPT, undefined, PLAIN), SCRIPT);
  assert.deepEqual(scriptCommand(SCRIPT, 'rubbish', PLAIN), SCRIPT);
});

test('a lower priority and a positive OOM score stay', () => {
  assert.deepEqual(scriptCommand(SCRIPT, undefined, { nice: 5, oomScoreAdj: 500 }), SCRIPT);
});

test('a raised priority and a negative OOM score are set back, and the process stays the same', () => {
  // Only what goes down may be tried without privileges: from 300 to 0, and 5 further down in priority.
  const [pid, nice, oomScoreAdj, says] = behind({ nice: -5, oomScoreAdj: -500 }, 300);
  assert.equal(Number(nice), getPriority() + 5);
  assert.equal(oomScoreAdj, '0');
  assert.equal(says, `${pid} a b' $c`);
});

test('one of the two is left as it is where it needs nothing', () => {
  assert.equal(behind({ nice: 0, oomScoreAdj: -500 }, 300)[1], String(getPriority()));
  assert.equal(behind({ nice: -5, oomScoreAdj: 0 }, 300)[2], '300');
});

test('where PATH leads to no nice the script is run all the same', () => {
  const { path, arguments: words } = scriptCommand({ path: '/bin/sh', arguments: ['-c', 'echo ran'] }, '64', {
    nice: -5,
    oomScoreAdj: -500,
  });
  const text = execFileSync(path, words, { encoding: 'utf8', env: { PATH: '/nowhere' } });
  assert.equal(text, 'ran\n');
});
