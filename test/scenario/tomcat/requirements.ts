// What the machine must have for these tests; they install nothing. Each answer is a reason to skip, or
// undefined when all is there.
import { spawnSync } from 'node:child_process';
import { whyMissing } from '../../harness/packages.ts';
import { tomcatPids } from './tomcat.ts';

const TOMCAT = {
  tomcat10: '/usr/share/tomcat10/bin/catalina.sh',
  'tomcat10-user': '/usr/bin/tomcat10-instance-create',
  'default-jre-headless': '/usr/bin/java',
};
const SCENARIO = { ...TOMCAT, rsyslog: '/usr/sbin/rsyslogd', 'util-linux': '/usr/bin/nsenter' };

/** For tests that start Tomcat. */
export function whyNoTomcat(): string | undefined {
  return whyMissing(TOMCAT);
}

export function whyNotRoot(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'needs root';
}

/** For tests that let pcheck watch it and read its lines in a syslog file. */
export function whyNoScenario(): string | undefined {
  const missing = whyNotRoot() ?? whyMissing(SCENARIO);
  if (missing !== undefined) return missing;
  const { status, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  if (status !== 0) return `needs a mount namespace of its own (CAP_SYS_ADMIN): ${stderr.trim()}`;
  const [other] = tomcatPids();
  if (other === undefined) return undefined;
  return `a Tomcat that runs here fits the guide's pfile too, pid ${other}: stop it (systemctl stop tomcat10)`;
}
