// The folder that both nodes see as /shared: psaver as it is installed, its examples, the parts of the test that
// run on the nodes, and where these leave word for the test. Not below /tmp, which a machine has for itself.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const PARENT = '/var/tmp';
const PREFIX = 'psaver-cluster-';
const INSTALLED = ['bin', 'dist', 'node_modules/koffi', 'node_modules/@koromix'];

export function makeShared(t: Pick<TestContext, 'after'>): string {
  removeAbandoned();
  const folder = join(PARENT, `${PREFIX}${process.pid}`);
  mkdirSync(folder, { mode: 0o755 });
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  for (const part of INSTALLED) {
    if (existsSync(part)) cpSync(part, join(folder, 'psaver', part), { recursive: true });
  }
  cpSync('examples/pacemaker', join(folder, 'pacemaker'), { recursive: true });
  cpSync('examples/tomcat', join(folder, 'tomcat'), { recursive: true });
  cpSync('test/cluster/node', join(folder, 'node'), { recursive: true });
  return folder;
}

/** Of a test that was killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(PARENT).filter((entry) => entry.startsWith(PREFIX))) {
    if (!existsSync(`/proc/${name.slice(PREFIX.length)}`)) {
      rmSync(join(PARENT, name), { recursive: true, force: true });
    }
  }
}
