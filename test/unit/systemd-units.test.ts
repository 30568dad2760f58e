// The unit files in examples/systemd: what must be in the unit of pcheck, and what must not, since services that its
// scripts start live in it (SPEC 5). What they do is tested below a real systemd, in test/systemd.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXIT, EXITS } from '../../src/program/exit.ts';

/** Settings in their order; a section's name in front. */
function settingsOf(file: string): ReadonlyMap<string, string> {
  let section = '';
  const settings = new Map<string, string>();
  for (const line of readFileSync(`examples/systemd/${file}`, 'utf8').split('\n')) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings.set(`${section}.${name}`, value ?? '');
  }
  return settings;
}

const UNIT = settingsOf('pcheck@.service');

const MUST: Readonly<Record<string, string>> = {
  Type: 'notify',
  KillMode: 'process',
  OOMPolicy: 'continue',
  TasksMax: 'infinity',
  Restart: 'on-abnormal',
  WatchdogSignal: 'SIGKILL',
};

for (const [name, value] of Object.entries(MUST)) {
  test(`the unit has ${name}=${value}`, () => assert.equal(UNIT.get(`Service.${name}`), value));
}

test('the unit holds nothing else than what is known to spare the services', () => {
  const known = [
    ...['Unit.Description', 'Unit.After', 'Unit.StartLimitIntervalSec', 'Unit.StartLimitBurst'],
    ...['Type', 'ExecStart', 'ExecReload', 'SyslogIdentifier', 'User', 'UnsetEnvironment'],
    ...['KillMode', 'OOMPolicy', 'TasksMax', 'WatchdogSec', 'WatchdogSignal'],
    ...['Restart', 'RestartSec', 'RestartForceExitStatus', 'RestartPreventExitStatus'],
    'Install.WantedBy',
  ].map((name) => (name.includes('.') ? name : `Service.${name}`));
  assert.deepEqual([...UNIT.keys()], known);
});

test('a pcheck that ends by itself is started again only after a defect, and on a cluster node not even then', () => {
  assert.equal(UNIT.get('Service.RestartForceExitStatus'), String(EXIT.defect));
  const others = EXITS.pcheck
    .map(([status]) => status)
    .filter((status) => status !== EXIT.done && status !== EXIT.defect);
  assert.equal(UNIT.get('Service.RestartPreventExitStatus'), others.join(' '));
  const cluster = settingsOf('cluster.conf');
  assert.equal(cluster.get('Service.Restart'), 'no');
  assert.equal(cluster.get('Service.RestartForceExitStatus'), '');
  assert.equal(cluster.get('Unit.StartLimitIntervalSec'), '0');
});

test('the watchdog kills in time for the next pcheck to go on with the counters', () => {
  // The record must not be older than 60 s (SPEC 7).
  const seconds = Number.parseInt(UNIT.get('Service.WatchdogSec') ?? '', 10);
  assert.ok(seconds > 0 && seconds <= 30, String(seconds));
});
