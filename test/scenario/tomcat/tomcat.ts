// What can be seen of a Tomcat from outside, found without psaver: its processes, its answer over HTTP.
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';

/** The pids of the Tomcats of this machine, or of those that run on this base. */
export function tomcatPids(base?: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const words = pid > 0 ? argumentsOf(pid) : [];
      return (
        words.includes('org.apache.catalina.startup.Bootstrap') &&
        words.includes('start') &&
        (base === undefined || words.includes(`-Dcatalina.base=${base}`))
      );
    });
}

/** Empty for a zombie, as for a process that has gone. */
function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // ENOENT, ESRCH: gone. EACCES: hidden from us.
    return [];
  }
}

/** The status, or the error's code: ECONNREFUSED when nobody listens. */
export function askHttp(port: number): Promise<number | string | undefined> {
  return new Promise((answered) => {
    const request = get({ host: '127.0.0.1', port, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      answered(response.statusCode);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', (error: NodeJS.ErrnoException) => answered(error.code));
  });
}

/** Below the range from which the kernel gives ports to clients, so that it stays free between two starts. */
const PORTS = { from: 20_000, count: 12_000 };

export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((known) => {
    const server = createServer()
      .once('error', () => known(false))
      .listen(port, '127.0.0.1', () => server.close(() => known(true)));
  });
}
