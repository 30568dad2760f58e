// Installs the Debian packages that the named tests need, when PSAVER_INSTALL=1 asks for it; without it nothing is
// installed, and tests whose packages are missing are skipped.
import { spawnSync } from 'node:child_process';

const PACKAGES = {
  cluster: [
    ...['systemd', 'iproute2', 'procps', 'corosync', 'pacemaker', 'pacemaker-cli-utils', 'crmsh'],
    ...['resource-agents', 'pacemaker-resource-agents', 'tomcat10', 'default-jre-headless'],
  ],
  systemd: ['systemd'],
};

if (process.env.PSAVER_INSTALL === '1') {
  const missing = process.argv
    .slice(2)
    .flatMap((tests) => PACKAGES[tests] ?? [])
    .filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  }
}

function isInstalled(name) {
  return / ok installed$/m.test(spawnSync('dpkg', ['--status', name], { encoding: 'utf8' }).stdout);
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env });
  if (status === 0) return;
  console.error(`apt-get ${words.join(' ')}: ${error?.message ?? `status ${status}`}`);
  process.exit(1);
}
