// What the machine must have for these tests. Packages are installed only when asked for: PSAVER_INSTALL=1.
import { whyMissing } from '../harness/packages.ts';
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
  return whyMissing(FILES) ?? whyNoMachine();
}
