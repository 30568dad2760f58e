// A machine for a test: a real systemd as PID 1 in namespaces of its own, booted in about a second. Its root is that
// of this machine, but what is written there stays in memory and goes with it; it starts nothing that this machine
// has enabled. What runs there is up to the test.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Output } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import type { CommandLine } from '../harness/workspace.ts';
import { makeControlGroup, whyNoControlGroup } from './control-group.ts';
import { ENVIRONMENT, type Namespaces, openNamespaces, type Shown, tryNamespaces } from './namespaces.ts';

export type Machine = {
  readonly name: string;
  /** Its PID 1, as this machine counts: for `ip link set … netns`, `nsenter --target`. */
  readonly pid: number;
  /** The folder of its control group, as this machine sees it. */
  readonly controlGroup: string;
  /** To its end, a minute at most; `input` is its standard input. */
  run(command: CommandLine, input?: string): Output;
  /** The standard output of a text of sh; throws with all that it has printed when its status is not 0. */
  shell(text: string): string;
  /** A file there, and its folders. */
  write(path: string, text: string, mode?: string): void;
  /** As somebody who presses the button: every service is stopped in its turn. */
  powerOff(): Promise<void>;
  /** As when the power fails: everything there is gone at once. */
  crash(): Promise<void>;
  isOff(): boolean;
};

export type MachineOptions = {
  /** What of this machine is seen there, and where: paths here to paths there. Needed for what lies on another disk. */
  readonly shown?: Shown;
  /** Likewise, and what is written there is written here. */
  readonly shared?: Shown;
};

const SYSTEMD = '/lib/systemd/systemd';
const BOOT: CommandLine = [SYSTEMD, '--system', '--unit=machine.target', '--log-target=journal'];
const PATIENCE_SECONDS = 60;
const OUTPUT_BYTES = 16 * 2 ** 20;

/** Why no machine can be booted here: a trial that gets as far as systemd's turn. */
export function whyNoMachine(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    accessSync(SYSTEMD, constants.X_OK);
  } catch {
    // ENOENT: not installed.
    return 'needs: apt-get install --no-install-recommends systemd';
  }
  return whyNoControlGroup() ?? tryNamespaces() ?? false;
}

/** Resolves when its systemd has booted. The machine is gone without a trace when the test ends, however that ends. */
export async function bootMachine(
  t: Pick<TestContext, 'after'>,
  name: string,
  { shown = {}, shared = {} }: MachineOptions = {},
): Promise<Machine> {
  const controlGroup = makeControlGroup();
  const namespaces = openNamespaces(controlGroup.path, name, { shown, shared }, BOOT);
  t.after(async () => {
    namespaces.kill();
    await until(`${name} is gone`, namespaces.isGone, PATIENCE_SECONDS);
    await controlGroup.remove();
  });
  const machine = machineIn(namespaces, name, controlGroup.path, await namespaces.pid());
  await until(`${name} has booted`, () => hasBooted(machine), PATIENCE_SECONDS);
  return machine;
}

/** Degraded: something that the test did not ask for has failed. */
function hasBooted(machine: Machine): boolean {
  const { stdout } = machine.run(['systemctl', 'is-system-running']);
  return ['running', 'degraded'].includes(stdout.trim());
}

const ALL_NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup'];

function machineIn(namespaces: Namespaces, name: string, controlGroup: string, pid: number): Machine {
  function run(command: CommandLine, input?: string): Output {
    if (namespaces.isGone()) throw new Error(`${name} is off: ${namespaces.console()}`);
    const words = [`--target=${pid}`, ...ALL_NAMESPACES, '--', ...command];
    const { status, stdout, stderr } = spawnSync('nsenter', words, {
      env: ENVIRONMENT,
      encoding: 'utf8',
      timeout: PATIENCE_SECONDS * 1000,
      maxBuffer: OUTPUT_BYTES,
      input,
    });
    return { status, stdout, stderr };
  }

  function mustRun(command: CommandLine, input?: string): string {
    const { status, stdout, stderr } = run(command, input);
    if (status === 0) return stdout;
    throw new Error(`status ${status} on ${name} of: ${command.join(' ')}\n${stdout}${stderr}`);
  }

  return {
    name,
    pid,
    controlGroup,
    run,
    shell: (text) => mustRun(['/bin/sh', '-euc', text]),
    write(path, text, mode = '644') {
      mustRun(['/bin/sh', '-euc', WRITE, 'write', path, mode], text);
    },
    async powerOff() {
      mustRun(['systemctl', '--no-block', 'poweroff']);
      await until(`${name} is off`, namespaces.isGone, PATIENCE_SECONDS);
    },
    isOff: namespaces.isGone,
    async crash() {
      namespaces.kill();
      await until(`${name} is gone`, namespaces.isGone, PATIENCE_SECONDS);
    },
  };
}

const WRITE = 'mkdir -p "$(dirname "$1")"; cat >"$1"; chmod "$2" "$1"';
