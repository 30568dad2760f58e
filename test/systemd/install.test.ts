// The unit as the README installs it: when it is active, what its status line and its journal say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoMachine } from '../machines/machine.ts';
import { bootHost, SHOP, SHOP_PFILE, UNIT } from './host.ts';

const options = { skip: whyNoMachine(), timeout: 300_000 };

test(
  'by the lines of the README pcheck is installed, started and enabled, and its journal has each message once, with its level',
  options,
  async (t) => {
    const host = await bootHost(t);
    assert.equal(host.show('ActiveState'), 'active');
    assert.equal(host.show('StatusText'), '1 of 1 entries available');
    assert.match(host.shell(`systemctl status ${UNIT}`), /Status: "1 of 1 entries available"/);
    assert.equal(host.shell(`systemctl is-enabled ${UNIT}`), 'enabled\n');
    host.shell(`systemd-analyze verify ${UNIT}.service`);
    const { pid } = host.pent();
    host.shell(`kill -KILL ${pid}`);
    const next = await host.shopAfter(pid ?? '');
    await host.logged(/Up$/, 2);
    const news = host.journal().filter(({ text }) => !/^pcheck .* started|^psaver/.test(text));
    assert.deepEqual(
      news.slice(-4).map(({ level, tag, text }) => `${level} ${tag}: ${text}`),
      [
        `6 pcheck: (${SHOP} ,pid=${pid}) Up`,
        `4 pcheck: Process [${SHOP} ,pid=${pid}] Down`,
        `5 pcheck: Try to restart (${SHOP})`,
        `6 pcheck: (${SHOP} ,pid=${next}) Up`,
      ],
    );
  },
);

test('the unit is active when the first look is over, not before', options, async (t) => {
  const pfile = SHOP_PFILE.replace('start_wait=10', 'start_wait=86400');
  const host = await bootHost(t, { pfile, isShopThere: false, isStarted: false });
  host.shell(`systemctl start --no-block ${UNIT}`);
  await host.shows('StatusText', `0 of 1 entries available; ${SHOP}: looked for`);
  assert.equal(host.show('ActiveState'), 'activating');
  host.shell(`systemd-run --quiet ${SHOP}`);
  await host.shows('ActiveState', 'active');
  assert.equal(host.show('StatusText'), '1 of 1 entries available');
});

test(
  'a start may take longer than TimeoutStartSec while the loop lives, and no longer when it is stopped',
  options,
  async (t) => {
    const seconds = 8;
    const host = await bootHost(t, {
      pfile: SHOP_PFILE.replace('start_wait=10', 'start_wait=86400'),
      dropIn: `[Service]\nTimeoutStartSec=${seconds}\nWatchdogSec=${seconds}\nRestart=no\n`,
      isShopThere: false,
      isStarted: false,
    });
    host.shell(`systemctl start --no-block ${UNIT}`);
    await host.shows('StatusText', /looked for/);
    host.shell(`sleep ${seconds + 1}`);
    assert.equal(host.show('ActiveState'), 'activating');
    host.shell(`kill -STOP ${host.show('MainPID')}`);
    await host.shows('ActiveState', 'failed');
    assert.equal(host.show('Result'), 'timeout');
  },
);
