// A machine with psaver on it, installed by the lines of the README, and a small service: what its systemd and its
// journal tell of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { firstPent } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { bootMachine, type Machine } from '../machines/machine.ts';

export type Host = Machine & {
  /** A property of a unit as `systemctl show` prints it. */
  show(property: string, unit?: string): string;
  /** Waits until it is so. */
  shows(property: string, value: string | RegExp, unit?: string): Promise<void>;
  /** What pcheck has written to the journal. */
  journal(): JournalEntry[];
  /** Waits until `count` of its messages match. */
  logged(pattern: RegExp, count?: number): Promise<void>;
  /** The values of `padmin show pent`. */
  pent(): Record<string, string>;
  /** Waits until the service runs as another process than that, and gives its pid. */
  shopAfter(pid: string): Promise<string>;
};

/** `level` as journald has it, 6 for info; `tag` is the one of syslog. */
type JournalEntry = { readonly level: string; readonly tag: string; readonly text: string };

export const UNIT = 'pcheck@shop';
export const PFILE = '/var/opt/HA/PS/conf/shop';
export const SHOP = '/opt/shop/shop';
const PATIENCE_SECONDS = 60;

type HostOptions = {
  readonly pfile?: string;
  /** Lines of a drop-in for the unit. */
  readonly dropIn?: string;
  /** Whether the service runs before pcheck does. */
  readonly isShopThere?: boolean;
  /** Whether pcheck is started, and its start waited for. */
  readonly isStarted?: boolean;
};

export const SHOP_PFILE = readFileSync('test/systemd/shop/pfile', 'utf8');

export async function bootHost(t: TestContext, options: HostOptions = {}): Promise<Host> {
  const { pfile = SHOP_PFILE, dropIn, isShopThere = true, isStarted = true } = options;
  // As a folder of its own disk; node is the one that runs this test.
  const shown = { '.': '/opt/psaver', [process.execPath]: '/usr/local/bin/node' };
  const machine = await bootMachine(t, 'host', { shown });
  for (const name of ['shop', 'shop_start.sh']) {
    machine.write(`/opt/shop/${name}`, readFileSync(`test/systemd/shop/${name}`, 'utf8'), '755');
  }
  machine.write(PFILE, pfile);
  machine.shell('mkdir -p /var/opt/HA/PS/log; rm -f /usr/local/sbin/pcheck /usr/local/sbin/padmin');
  if (dropIn !== undefined) machine.write(`/etc/systemd/system/${UNIT}.service.d/test.conf`, dropIn);
  if (isShopThere) machine.shell(`systemd-run --quiet --unit=shop-by-hand ${SHOP}`);
  asTheReadmeSays(machine, 'Install', /^sudo ln/);
  asTheReadmeSays(machine, 'Under systemd', isStarted ? /^sudo/ : /^sudo (?!systemctl enable)/);
  return withQuestions(machine);
}

/** Those lines below a heading that match, as they stand there, for the pfile of this test. */
function asTheReadmeSays(machine: Machine, heading: string, wanted: RegExp): void {
  const section = readFileSync('README.md', 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const lines = section.split('\n').filter((line) => wanted.test(line));
  assert.ok(lines.length > 0, `the README has no line ${wanted} below ${heading}`);
  const text = lines.join('\n').replaceAll('pfile_tomcat', 'shop');
  machine.shell(`cd /opt/psaver; sudo() { "$@"; }\n${text}`);
}

function withQuestions(machine: Machine): Host {
  const show = (property: string, unit = UNIT) =>
    machine.shell(`systemctl show --property=${property} --value '${unit}'`).trim();

  function journal(): JournalEntry[] {
    const fields = '_SYSTEMD_UNIT,PRIORITY,SYSLOG_IDENTIFIER,MESSAGE';
    const asked = `journalctl --unit='${UNIT}' --output=json --output-fields=${fields} --no-pager`;
    const lines = machine.shell(asked).split('\n');
    return lines
      .filter((line) => line.startsWith('{'))
      .map((line): Record<string, string> => JSON.parse(line))
      .filter((values) => values['_SYSTEMD_UNIT'] === `${UNIT}.service`)
      .map((values) => ({
        level: values['PRIORITY'] ?? '',
        tag: values['SYSLOG_IDENTIFIER'] ?? '',
        text: values['MESSAGE'] ?? '',
      }));
  }

  /** With all that is known when it does not come. */
  async function wait(what: string, condition: () => boolean): Promise<void> {
    await until(what, condition, PATIENCE_SECONDS).catch((error: unknown) => {
      const state = machine.run(['systemctl', 'status', '--no-pager', '--lines=20', UNIT]);
      throw new Error(`${String(error)}\n${state.stdout}`);
    });
  }

  const pent = () => firstPent(machine.run(['padmin', '-f', PFILE, '-c', 'show', 'pent']));

  return {
    ...machine,
    show,
    shows: (property, value, unit) =>
      wait(`${property} of ${unit ?? UNIT} is ${value}`, () => {
        const shown = show(property, unit);
        return typeof value === 'string' ? shown === value : value.test(shown);
      }),
    journal,
    logged: (pattern, count = 1) =>
      wait(
        `pcheck has logged ${count} × ${pattern}`,
        () => journal().filter(({ text }) => pattern.test(text)).length >= count,
      ),
    pent,
    async shopAfter(pid) {
      let now = pid;
      await wait(`the service is another one than ${pid}`, () => {
        const shown = pent();
        now = shown['proc_sts'] === 'AVAIL' ? (shown['pid'] ?? pid) : pid;
        return now !== pid;
      });
      return now;
    },
  };
}
