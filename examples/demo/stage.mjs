// What the demo is played on: a temporary folder, a port, pcheck and what it logs. It waits for conditions,
// never for a time, and clears away all that was started from it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { delimiter, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeFolder, removeFolder } from './folder.mjs';
import { show, showCommand } from './print.mjs';
import { killQuietly, markedPids } from './processes.mjs';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_SECONDS = 15;
const POLL_MILLISECONDS = 50;

/** After `interruption` nothing is waited for and nothing started any more, but `clear` does its work. */
export async function openStage(interruption) {
  const port = await freePort();
  const folder = makeFolder();
  const mark = `DEMO_FOLDER=${folder}`;
  const inRepository = {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      DEMO_FOLDER: folder,
      DEMO_PORT: String(port),
      // The same Node everywhere, also when it is not the one in PATH.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      // Where pcheck and padmin meet unless they are root's: gone with the folder.
      XDG_RUNTIME_DIR: folder,
    },
  };
  const lines = [];
  let pcheck;
  let end;

  async function until(what, find) {
    const found = await poll(() => {
      interruption.throwIfAborted();
      return find();
    });
    if (found === undefined) throw new Error(`waited ${PATIENCE_SECONDS} s in vain until ${what}`);
    return found;
  }

  return {
    folder,
    url: `http://127.0.0.1:${port}/`,
    /** Calls `find` until it finds something, and returns that. */
    until,
    /** Runs a program to its end; shows the command and the output, and returns the output. */
    async run(...words) {
      interruption.throwIfAborted();
      showCommand(words);
      const [program, ...rest] = words;
      const limits = { timeout: PATIENCE_SECONDS * 1000 };
      const { stdout } = await promisify(execFile)(program, rest, { ...inRepository, ...limits });
      show(stdout);
      return stdout;
    },
    /** Its lines are shown as they come. A session of its own keeps a Ctrl-C from it: `clear` ends it. */
    startPcheck(...words) {
      interruption.throwIfAborted();
      showCommand(words);
      const [program, ...rest] = words;
      const apart = { detached: true, stdio: ['ignore', 'ignore', 'pipe'] };
      pcheck = spawn(program, rest, { ...inRepository, ...apart });
      createInterface({ input: pcheck.stderr }).on('line', (line) => {
        lines.push(line);
        show(line);
      });
      pcheck.on('error', ({ message }) => {
        end = message;
      });
      pcheck.on('close', (status, signal) => {
        end ??= status ?? signal;
      });
    },
    /** Waits for the `count`th line of pcheck that matches; returns the match. */
    logged(pattern, count = 1) {
      return until(`pcheck logs ${pattern}`, () => {
        const match = lines.map((line) => pattern.exec(line)).filter((found) => found !== null)[count - 1];
        if (match === undefined && end !== undefined) throw new Error(`pcheck ended (${end}) too early`);
        return match;
      });
    },
    /** Its exit status, or the signal that ended it. */
    pcheckEnd: () => until('pcheck ends', () => end),
    kill(pid) {
      if (!markedPids(mark).includes(pid)) throw new Error(`process ${pid} does not belong to the demo`);
      showCommand(['kill', '-KILL', pid]);
      process.kill(pid, 'SIGKILL');
    },
    /** pcheck first, so that it restarts nothing. */
    async clear() {
      if (pcheck !== undefined && end === undefined) {
        pcheck.kill();
        await poll(() => end);
      }
      const gone = await poll(() => {
        const pids = markedPids(mark);
        for (const pid of pids) killQuietly(pid);
        return pids.length === 0 ? true : undefined;
      });
      removeFolder(folder);
      if (gone === undefined) throw new Error(`these processes do not end: ${markedPids(mark).join(' ')}`);
    },
  };
}

/** Below the range from which the kernel gives ports to clients: none can take it between two services. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
      probe.close();
      return port;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
}

async function poll(find) {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const found = await find();
    if (found !== undefined || performance.now() > deadline) return found;
    await delay(POLL_MILLISECONDS);
  }
}
