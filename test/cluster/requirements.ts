// What the machine must have for these tests. Packages are installed only when asked for: PSAVER_INSTALL=1.
import { accessSync, constants } from 'node:fs';
import { whyNoMachine } from '../machines/machine.ts';

const FILES: Readonly<Record<string, string>> = {
  corosync: '/usr/sbin/corosync',
  pacemaker: '/usr/sbin/pacemakerd',
  'pacemaker-cli-utils': '/usr/sbin/crm_mon',
  crmsh: '/usr/sbin/crm',
  'resource-agents': '/usr/lib/ocf/resource.d/heartbeat/IPaddr2',
  tomcat10: '/usr/share/tomcat10/bin/catalina.sh',
  'default-jre-headless': '/usr/bin/java',
  iproute2: '/usr/bin/ip',
};

export function whyNoCluster(): string | false {
  const missing = Object.keys(FILES).filter((name) => !isExecutable(FILES[name] ?? ''));
  if (missing.length > 0) return `needs: apt-get install --no-install-recommends ${missing.join(' ')}`;
  return whyNoMachine();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // ENOENT: not installed.
    return false;
  }
}
