// The uid of a user: from /etc/passwd, else from whatever else the host asks for users (LDAP, SSSD, NIS), which
// only libc knows and getent(1) tells.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** 2^32 - 1 means nobody in the kernel's calls (chown(2)). */
const UID_MAX = 0xfffffffe;
/** Nothing else is done meanwhile, so a directory server that hangs must not be waited for longer. */
const GETENT_MILLISECONDS_MAX = 5000;

export function userId(name: string): number | undefined {
  if (/^\d+$/.test(name)) return asUid(name);
  // No such name: getent would take it for an option, or for a list of names.
  if (name === '' || name.startsWith('-') || /[:\s]/.test(name)) return undefined;
  const line = passwdLines(readPasswd()).find(([user]) => user === name) ?? passwdLines(askGetent(name))[0];
  return asUid(line?.[2]);
}

function passwdLines(text: string): string[][] {
  return text.split('\n').map((line) => line.split(':'));
}

function asUid(digits: string | undefined): number | undefined {
  const uid = digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return uid <= UID_MAX ? uid : undefined;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    // ENOENT: a container without one; getent may still know.
    return '';
  }
}

/** Empty when getent is not there, knows nobody of that name, or takes too long. */
function askGetent(name: string): string {
  const { status, stdout } = spawnSync('getent', ['passwd', name], {
    encoding: 'utf8',
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: GETENT_MILLISECONDS_MAX,
  });
  return status === 0 ? stdout : '';
}
