// What the story of tomcat.test.ts needs around it: a Tomcat, a syslog daemon, pcheck and padmin in one
// namespace; their ends, and what each of them said, for whoever has to explain a failure.
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { type Output, padmin, type RunningPcheck, startPcheck } from '../../harness/programs.ts';
import { until } from '../../harness/until.ts';
import { startedFrom, type Workspace } from '../../harness/workspace.ts';
import { createInstance, type Instance } from './instance.ts';
import { openPrivateDev } from './private-dev.ts';
import { type Syslog, startSyslog } from './syslog.ts';
import { askHttp, tomcatPids } from './tomcat.ts';

export type Scene = {
  readonly instance: Instance;
  readonly syslog: Syslog;
  /** Starts Tomcat by the start script; its pid once it answers. */
  startTomcat(): Promise<number>;
  watch(): RunningPcheck;
  /** The exit status of a pcheck that is about to end. */
  ended(pcheck: RunningPcheck): Promise<number | string | undefined>;
  padmin(...command: readonly string[]): Output;
  /** Ends all in good order and sees that nothing is left. */
  end(): Promise<void>;
  /** The last lines of everybody. */
  tails(): string;
};

export async function setScene(workspace: Workspace): Promise<Scene> {
  const devLogBefore = identityOf('/dev/log');
  const dev = await openPrivateDev(workspace);
  const syslog = await startSyslog(dev);
  const instance = await createInstance(dev.inside);
  const { base, port, pfile } = instance;
  const watches: RunningPcheck[] = [];
  return {
    instance,
    syslog,
    async startTomcat() {
      const { status, stdout, stderr } = instance.start();
      assert.equal(status, 0, `the start script: ${stdout}${stderr}`);
      return instance.answering();
    },
    watch() {
      const pcheck = startPcheck(dev.inside, ['-f', pfile]);
      watches.push(pcheck);
      return pcheck;
    },
    async ended(pcheck) {
      let status: number | string | undefined;
      pcheck.ended.then((it) => {
        status = it;
      });
      await until('pcheck has ended', () => status !== undefined);
      return status;
    },
    padmin: (...command) => padmin(dev.inside, '-f', pfile, '-c', ...command),
    async end() {
      for (const pid of tomcatPids(base)) await instance.end(pid, 'SIGTERM');
      syslog.stop();
      await until('only the holder of the namespace is left', () =>
        startedFrom(workspace).every((pid) => pid === dev.holder),
      );
      dev.close();
      await until('no process is left', () => startedFrom(workspace).length === 0);
      assert.equal(await askHttp(port), 'ECONNREFUSED', 'the port is closed');
      assert.ok(!readFileSync('/proc/self/mountinfo', 'utf8').includes(workspace.folder), 'no mount is left');
      assert.equal(identityOf('/dev/log'), devLogBefore, 'the /dev/log of the machine, or its absence');
    },
    tails: () =>
      [
        tail('the syslog file', syslog.file),
        tail('catalina.out', `${base}/logs/catalina.out`),
        tail('output of the restart script', workspace.path('pfile_tomcat.dump.1.out')),
        ...watches.map((pcheck) => `--- pcheck[${pcheck.pid}]\n${pcheck.stderr()}`),
      ].join('\n'),
  };
}

function identityOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

const TAIL_LINES = 30;

function tail(title: string, file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '(not there)';
  return `--- ${title}\n${text.split('\n').slice(-TAIL_LINES).join('\n')}`;
}
