// systemctl reload: it takes a good pfile, fails with a bad one, and ends in any case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoMachine } from '../machines/machine.ts';
import { bootHost, PFILE, SHOP, SHOP_PFILE, UNIT } from './host.ts';

const options = { skip: whyNoMachine(), timeout: 300_000 };

test('systemctl reload takes a good pfile, and waits until what is new was looked at', options, async (t) => {
  const host = await bootHost(t);
  const { pid } = host.pent();
  const main = host.show('MainPID');
  const second = '/opt/shop/second:/opt/shop/second_start.sh:86400:3:exit:start_wait=3';
  host.write('/opt/shop/second_start.sh', '#!/bin/sh\nsleep 86400\n', '755');
  host.write(PFILE, `${SHOP_PFILE}${second}\n`);
  host.shell(`systemctl reload ${UNIT}`);
  assert.equal(host.show('ActiveState'), 'active');
  assert.equal(
    host.show('StatusText'),
    '1 of 2 entries available; /opt/shop/second: restart script runs',
    'its start_wait is over',
  );
  assert.equal(host.show('MainPID'), main);
  assert.equal(host.pent()['pid'], pid);
  await host.logged(/1 entries kept, 1 added, 0 removed/);
});

test(
  'systemctl reload of a bad pfile fails, says why in the journal, and changes nothing',
  options,
  async (t) => {
    const host = await bootHost(t);
    const main = host.show('MainPID');
    host.write(PFILE, SHOP_PFILE.replace('MONITOR_INTERVAL', 'MONITOR_INTERVALL'));
    const { status, stderr } = host.run(['systemctl', 'reload', UNIT]);
    assert.notEqual(status, 0);
    assert.match(stderr, /failed/);
    await host.logged(/:2:1: error: .*MONITOR_INTERVALL/);
    assert.equal(host.show('ActiveState'), 'active');
    assert.equal(host.show('MainPID'), main);
    assert.equal(host.show('StatusText'), '1 of 1 entries available');
    const { pid = '' } = host.pent();
    host.shell(`kill -KILL ${pid}`);
    await host.shopAfter(pid);
    host.write(PFILE, SHOP_PFILE);
    host.shell(`systemctl reload ${UNIT}`);
    assert.equal(host.pent()['pname'], SHOP);
  },
);

test(
  'many reloads at once and by signal leave the unit active and its pcheck as it was',
  options,
  async (t) => {
    const host = await bootHost(t);
    const main = host.show('MainPID');
    host.shell(`
    for count in 1 2 3 4 5 6 7 8; do
      kill -HUP ${main}
      systemctl reload ${UNIT} &
    done
    wait`);
    await host.shows('ActiveState', 'active');
    assert.equal(host.show('MainPID'), main);
    assert.equal(host.show('SubState'), 'running');
    host.shell(`systemctl reload ${UNIT}`);
  },
);
