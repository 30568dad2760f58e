// A command that is asked for a line: what it says, and what becomes of one that says nothing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NoAnswerError } from '../../../src/system/errors.ts';
import { commandOutput } from '../../../src/system/real/files/command-output.ts';
import { until } from '../../harness/until.ts';

function sh(script: string, limitSeconds = 60): Promise<string | undefined> {
  return commandOutput(['/bin/sh', '-c', script], limitSeconds);
}

test('the output of a command that succeeds comes back; that of one that fails does not', async () => {
  assert.equal(await sh('echo a; echo b'), 'a\nb\n');
  assert.equal(await sh('echo a; exit 2'), undefined);
  assert.equal(await commandOutput(['/nowhere/getent', 'passwd'], 60), undefined);
});

test('one that hangs is given up at its limit, and killed with all that it has started', async () => {
  const name = `hangs-${process.pid}`;
  const runs = () => processesWith(name).length;
  await assert.rejects(sh(`sh -c 'sleep 600' ${name}; : ${name}`, 0.2), (error: unknown) => {
    assert.ok(error instanceof NoAnswerError);
    assert.equal(error.reason, 'no answer within 0.2 s');
    return true;
  });
  await until('nothing of it is left', () => runs() === 0);
});

test('one whose child keeps the output open does not keep anybody waiting', async () => {
  await assert.rejects(sh('sleep 1 & exit 0', 0.2), /no answer within 0\.2 s/);
});

test('one that is killed, or cannot be started, has said nothing of what it was asked', async () => {
  await assert.rejects(sh('kill -9 $$'), /^NoAnswerError: \/bin\/sh -c .*: ended by SIGKILL$/);
  await assert.rejects(commandOutput(['/etc/passwd'], 60), /^NoAnswerError: \/etc\/passwd: EACCES$/);
});

test('of endless output a bounded part is kept', async () => {
  const output = await sh('head -c 10000000 /dev/zero');
  assert.ok((output?.length ?? 0) < 200_000, `${output?.length}`);
});

function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return Number(pid) > 0 && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word);
    } catch {
      // ENOENT, ESRCH: gone in between.
      return false;
    }
  });
}
