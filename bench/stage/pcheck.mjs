// A pcheck of the bench: its pfile, and what it has logged, seen from outside as any user sees it.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { endChild } from './tools.mjs';
import { until } from './waiting.mjs';

let count = 0;

/**
 * Watches `names`, and has the restart program start what is gone. Resolves when all of them are Up.
 * `parameters`: further PARAM lines; `environment`: added to the own.
 */
export async function startPcheck(stage, names, { parameters = '', environment = {} } = {}) {
  const { pfile, record } = writePfile(stage, names, { parameters });
  const child = spawn(resolve('bin/pcheck'), ['-f', pfile, '--no-syslog'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = readLog(child);
  const pcheck = {
    pid: child.pid,
    child,
    pfile,
    record,
    log,
    signal: (name) => child.kill(name),
    async end() {
      child.stderr.resume();
      await endChild(child, () => child.kill('SIGTERM'));
      record.close();
    },
  };
  await until('all are Up', () => {
    if (child.exitCode !== null) throw new Error(`pcheck ended with ${child.exitCode}: ${log.tail()}`);
    return log.count('up') >= names.length;
  });
  return pcheck;
}

/** A pfile with these names, each started again by the restart program, and the record of that. */
export function writePfile(stage, names, { parameters = '', retry = 1_000_000, dumpFolder } = {}) {
  count += 1;
  const key = `0x${((process.pid << 8) + (count % 256)).toString(16)}`;
  const folder = stage.folder(`pcheck-${count}`);
  const record = stage.record(`pcheck-${count}`);
  const script = `${stage.tools.restart} ${record.path} ${stage.tools.service}`;
  const pfile = `${folder}/pfile`;
  const lines = [
    `IPCKEY ${key}\nSHM_DUMP_FILE ${dumpFolder ?? folder}/dump\n${parameters}`,
    ...names.map((name) => `${name}:${script} ${name}:86400:${retry}:exit:restart_interval=0`),
  ];
  writeFileSync(pfile, `${lines.join('\n')}\n`);
  return { pfile, folder, record };
}

const KINDS = [
  ['up', / Up$/],
  ['down', / Down$/],
  ['restart', /Try to restart /],
  ['reload', /pfile read again/],
];

/** Counts what is logged, so that a bench of many restarts does not keep the text. */
function readLog(child) {
  const counts = new Map(KINDS.map(([kind]) => [kind, 0]));
  let rest = '';
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    last = `${last}${chunk}`.slice(-2000);
    for (const line of lines) {
      for (const [kind, pattern] of KINDS) {
        if (pattern.test(line)) counts.set(kind, counts.get(kind) + 1);
      }
    }
  });
  return { count: (kind) => counts.get(kind), tail: () => last };
}
