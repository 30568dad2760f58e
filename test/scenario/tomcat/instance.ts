// A Tomcat instance of its own in the workspace, on a free loopback port, with the pfile and the start script
// of examples/tomcat: only paths, IPCKEY and MONITOR_INTERVAL are changed in them, as an operator would.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Output, run } from '../../harness/programs.ts';
import { until } from '../../harness/until.ts';
import type { Workspace } from '../../harness/workspace.ts';
import { askHttp, freePort, tomcatPids } from './tomcat.ts';

export type Instance = {
  readonly base: string;
  readonly port: number;
  readonly pfile: string;
  /** Runs the start script to its end. */
  start(): Output;
  /** Waits for HTTP 200; the pid of the one Tomcat that then runs on this instance. */
  answering(): Promise<number>;
  /** Sends a signal to this Tomcat and waits until it is gone. */
  end(pid: number, signal: NodeJS.Signals): Promise<void>;
};

/** Tomcat takes some seconds, on a busy machine many. */
const PATIENCE_SECONDS = 60;

export async function createInstance(workspace: Workspace): Promise<Instance> {
  const base = workspace.path('tomcat');
  const port = await freePort();
  const created = run(workspace, ['tomcat10-instance-create', '-p', String(port), base]);
  assert.equal(created.status, 0, `tomcat10-instance-create: ${created.stdout}${created.stderr}`);
  mkdirSync(`${base}/webapps/ROOT`);
  writeFileSync(`${base}/webapps/ROOT/index.html`, 'up\n');
  rewrite(`${base}/conf/server.xml`, {
    [`<Connector port="${port}"`]: `<Connector address="127.0.0.1" port="${port}"`,
    '<Server port="8005"': '<Server port="-1"',
  });
  const script = workspace.write('tomcat_start.sh', readExample('tomcat_start.sh'), 0o755);
  rewrite(script, { '{CATALINA_BASE:-/var/lib/tomcat10}': `{CATALINA_BASE:-${base}}` });
  const pfile = workspace.write('pfile_tomcat', readExample('pfile_tomcat'));
  rewrite(pfile, {
    '0x1f000101': workspace.ipckey,
    'MONITOR_INTERVAL    10': 'MONITOR_INTERVAL    1',
    '/var/opt/HA/PS/log/pfile_tomcat.dump': workspace.path('pfile_tomcat.dump'),
    '/var/opt/HA/PS/conf/bin/tomcat_start.sh': script,
  });
  return {
    base,
    port,
    pfile,
    start: () => run(workspace, [script]),
    async answering() {
      await until('Tomcat answers', async () => (await askHttp(port)) === 200, PATIENCE_SECONDS);
      const [pid, ...others] = tomcatPids(base);
      assert.ok(pid !== undefined, 'something answers, but no Tomcat runs on this instance');
      assert.deepEqual(others, [], `a second Tomcat runs beside ${pid}`);
      return pid;
    },
    async end(pid, signal) {
      process.kill(pid, signal);
      await until(`${pid} is gone`, () => !tomcatPids(base).includes(pid), PATIENCE_SECONDS);
    },
  };
}

/**
 * The environment without what would send the start script or catalina.sh elsewhere, and with a JVM that keeps
 * no file in /tmp/hsperfdata_USER: SIGKILL would leave it there.
 */
export function withOwnJavaSettings(workspace: Workspace): Workspace {
  const kept = Object.entries(workspace.environment).filter(
    ([name]) => !/^(CATALINA_|JAVA_|JRE_|JDK_|TOMCAT_|_JAVA_)/.test(name),
  );
  return { ...workspace, environment: { ...Object.fromEntries(kept), CATALINA_OPTS: '-XX:-UsePerfData' } };
}

function readExample(name: string): string {
  return readFileSync(`examples/tomcat/${name}`, 'utf8');
}

/** Replaces each text, which must be there exactly once. */
function rewrite(file: string, replacements: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    assert.equal(text.split(from).length - 1, 1, `${file} has "${from}" once`);
    text = text.replace(from, () => to);
  }
  writeFileSync(file, text);
}
