// The uid of a user: from /etc/passwd, else from whatever else the host asks for users (LDAP, SSSD, NIS), which
// only libc knows and getent(1) tells.
import { commandOutput } from './command-output.ts';

/** 2^32 - 1 means nobody in the kernel's calls (chown(2)). */
const MAX_UID = 0xfffffffe;
const MAX_GETENT_SECONDS = 5;

/** What `readPasswd` has read holds for all names. */
export function createUserLookup(
  readPasswd: () => Promise<string>,
): (name: string) => Promise<number | undefined> {
  let passwd: Promise<ReadonlyMap<string, string>> | undefined;
  return async (name) => {
    if (/^\d+$/.test(name)) return asUid(name);
    // No such name: getent would take it for an option, or for a list of names.
    if (name === '' || name.startsWith('-') || /[:\s]/.test(name)) return undefined;
    passwd ??= readPasswd().then(uidsOf);
    return asUid((await passwd).get(name) ?? (await askGetent(name)));
  };
}

/** The digits that stand for each user; the first line of a name counts. */
function uidsOf(text: string): ReadonlyMap<string, string> {
  const entries = text.split('\n').map((line): [string, string] => {
    const [user = '', , digits = ''] = line.split(':');
    return [user, digits];
  });
  return new Map(entries.reverse());
}

function asUid(digits: string | undefined): number | undefined {
  const uid = digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : Number.POSITIVE_INFINITY;
  return uid <= MAX_UID ? uid : undefined;
}

/** Undefined when getent is not there, or knows nobody of that name. */
async function askGetent(name: string): Promise<string | undefined> {
  const output = await commandOutput(['getent', 'passwd', name], MAX_GETENT_SECONDS);
  return output?.split('\n')[0]?.split(':')[2];
}
