// What LOOP_ALARM rests upon: the alarm of the kernel reaches a Node process that spins, and can be taken back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** A Node process that runs this code with koffi, and how it ended. */
function ending(code: string): string | number | null {
  const prelude = "const { alarm } = (() => { const l = require('koffi').load(null);";
  const script = `${prelude} return { alarm: l.func('uint32_t alarm(uint32_t)') }; })();\n${code}`;
  const { status, signal } = spawnSync(process.execPath, ['-e', script], { timeout: 60_000 });
  return signal ?? status;
}

test('Node leaves SIGALRM its default action: a loop that spins is ended by it, one that takes it back is not', () => {
  assert.equal(ending('alarm(1); for (;;);'), 'SIGALRM');
  assert.equal(ending('alarm(1); alarm(0); setTimeout(() => process.exit(3), 1200);'), 3);
});
