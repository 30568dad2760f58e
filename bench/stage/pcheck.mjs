// A pcheck of the bench: its pfile, and what it has logged, seen from outside as any user sees it.
import { writeFileSync } from 'node:fs';
import { readLog } from './log.mjs';
import { stateOf } from './process-cost.mjs';
import { endChild, hasEnded, startChild } from './tools.mjs';
import { until } from './waiting.mjs';

let count = 0;

/**
 * Watches `entries` (see `writePfile`), and has the restart program start what is gone. Resolves when all of
 * them are Up; the stage ends it. `parameters`: further PARAM lines; `environment`: added to the own;
 * `enter`: words that come before the command.
 */
export async function startPcheck(stage, entries, { parameters = '', environment = {}, enter = [] } = {}) {
  const { pfile, record, ipckey } = writePfile(stage, entries, { parameters });
  const [file, ...words] = [...enter, stage.build.pcheck, '-f', pfile, '--no-syslog'];
  const child = startChild(file, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = readLog(child.stderr);
  let isAskedToEnd = false;
  const pcheck = stage.holds({
    pid: child.pid,
    child,
    pfile,
    socket: `${runtimeFolder()}/${ipckey}.sock`,
    record,
    log,
    signal: (name) => child.kill(name),
    tell: () =>
      isAskedToEnd
        ? undefined
        : `pcheck ${child.pid} (${hasEnded(child) ? howEnded(child) : stateOf(child.pid)}): ${log.tell()}`,
    async end() {
      isAskedToEnd = true;
      await endChild(child, () => child.kill('SIGTERM'));
      record.close();
    },
  });
  await until('all are Up', () => {
    if (hasEnded(child)) throw new Error('pcheck has ended before all are Up');
    return log.count('up') >= entries.length;
  });
  return pcheck;
}

/**
 * A pfile with these entries, each started again by the restart program, and the record of that. An entry is
 * a NAME, or `id` (its name in the record), `name`, `kind` (bench/floor/command-line.h), `script`, `service`
 * (what that starts), `options`.
 */
export function writePfile(stage, entries, { parameters = '', retry = 1_000_000, dumpFolder } = {}) {
  count += 1;
  const ipckey = `0x${(process.pid * 1024 + (count % 1024)).toString(16).padStart(8, '0')}`;
  const folder = stage.folder(`pcheck-${count}`);
  const record = stage.record(`pcheck-${count}`);
  const pfile = `${folder}/pfile`;
  const lines = entries.map((entry) => {
    const { id, name, kind, script, service, options } = {
      id: entry,
      name: entry.id ?? entry,
      kind: 'plain',
      script: stage.tools.restart,
      service: stage.tools.service,
      options: [],
      ...(typeof entry === 'string' ? {} : entry),
    };
    const command = `${script} ${record.path} ${service} ${id} ${kind}`;
    // Said outright: the defaults follow MONITOR_INTERVAL, and a service that is late would be started twice.
    const times = ['start_wait=60', 'restart_interval=0'];
    return [name, command, 86400, retry, 'exit', ...times, ...options].join(':');
  });
  writeFileSync(
    pfile,
    `IPCKEY ${ipckey}\nSHM_DUMP_FILE ${dumpFolder ?? folder}/dump\n${parameters}\n${lines.join('\n')}\n`,
  );
  return { pfile, folder, record, ipckey };
}

function runtimeFolder() {
  return process.getuid() === 0 ? '/run/psaver' : `${process.env.XDG_RUNTIME_DIR}/psaver`;
}

function howEnded({ exitCode, signalCode }) {
  return `ended: ${signalCode ?? `status ${exitCode}`}`;
}
