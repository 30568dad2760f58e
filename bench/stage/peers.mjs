// Other supervisors, where they are installed, with the same service and the same restart program.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { nameOf, startCrowd } from './crowd.mjs';
import { endChild, isInstalled, startChild } from './tools.mjs';
import { until } from './waiting.mjs';

/** monit looks at its processes once a second, which is as often as it can. */
export async function startMonit(stage, entries) {
  if (!isInstalled('monit')) return skipped('monit');
  const prefix = '/usr/lib/bench/monit-';
  const crowd = stage.holds(startCrowd(stage, prefix, entries));
  const folder = stage.folder('monit');
  const record = stage.record('monit');
  const { restart, service } = stage.tools;
  const rules = [...crowd.pids.keys()].map(
    (name, index) => `check process service${index} matching "^${name}"
  start program = "${restart} ${record.path} ${service} ${name} plain"`,
  );
  writeFileSync(
    `${folder}/monitrc`,
    `set daemon 1\nset log ${folder}/log\nset pidfile ${folder}/pid\nset idfile ${folder}/id\nset statefile ${folder}/state\n${rules.join('\n')}\n`,
    { mode: 0o600 },
  );
  const child = startChild('monit', ['-I', '-c', `${folder}/monitrc`], { stdio: 'ignore' });
  const monit = stage.holds({ end: () => endChild(child, () => child.kill('SIGTERM')) });
  await until('monit has started', () => logged(`${folder}/log`, /started|Starting/i));
  return {
    label: 'monit (1 s)',
    record,
    pids: crowd.pids,
    prefix,
    // It may not have looked again yet: the next kill is a second away.
    settled: async () => undefined,
    end: monit.end,
  };
}

/** One runsv for each service, which is its child: it is told of a death by the kernel. */
export async function startRunit(stage, entries) {
  if (!isInstalled('runsv')) return skipped('runsv');
  const prefix = '/usr/lib/bench/runit-';
  const record = stage.record('runit');
  const { restart, service } = stage.tools;
  const pids = new Map();
  const supervisors = [];
  for (let index = 0; index < entries; index++) {
    const name = nameOf(prefix, index);
    const folder = stage.folder(`runit-${index}`);
    writeFileSync(
      `${folder}/run`,
      `#!/bin/sh\nexec ${restart} ${record.path} ${service} ${name} plain become\n`,
    );
    chmodSync(`${folder}/run`, 0o755);
    supervisors.push(startChild('runsv', [folder], { stdio: 'ignore' }));
  }
  const runit = stage.holds({
    end: () => Promise.all(supervisors.map((child) => endChild(child, () => child.kill('SIGTERM')))),
  });
  await until('runit has started all', () => record.starts().length >= entries);
  for (const { name, pid } of record.starts()) pids.set(name, pid);
  return { label: 'runit', record, pids, prefix, settled: async () => undefined, end: runit.end };
}

function skipped(program) {
  console.error(`${program} is not installed: its figures are left out`);
  return undefined;
}

function logged(path, pattern) {
  try {
    return pattern.test(readFileSync(path, 'utf8'));
  } catch {
    // ENOENT: it has not begun.
    return false;
  }
}
