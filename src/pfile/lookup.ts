// Fills in what the text of a pfile leaves to the host: which uid a user has, where the links of exe lead.
import type { FileLookup } from '../system/types.ts';
import { FILE_ADVICE, type HostCheck } from './check/host-checks.ts';
import type { ReadPent } from './pent.ts';
import { quote } from './quote.ts';
import type { Span } from './span.ts';

const USER_ADVICE = 'is the directory service stuck (LDAP, SSSD, NIS)? A uid needs none';

export type HostValues = {
  readonly checks: readonly HostCheck[];
  /** The entries with what the checks, by then run, have found. */
  pents(): ReadPent[];
};

export function lookUp(pents: readonly ReadPent[], files: FileLookup): HostValues {
  const uids = new Map<string, number | undefined>();
  const executables = new Map<string, string>();

  function userCheck(user: Span): HostCheck {
    return {
      place: user,
      what: `option user: ${quote(user.raw)}`,
      advice: USER_ADVICE,
      async ask() {
        const uid = await files.userId(user.raw);
        uids.set(user.raw, uid);
        return (report) => {
          if (uid !== undefined) return;
          // Not a warning: without the uid, processes of any user would match.
          const text = `there is no user ${quote(user.raw)} (neither in /etc/passwd nor known to getent)`;
          report.error(user, 'unknown-user', `${text}: check the name, or write the uid`);
        };
      },
    };
  }

  function exeCheck(exe: Span): HostCheck {
    return {
      place: exe,
      what: `option exe: ${quote(exe.raw)}`,
      advice: FILE_ADVICE,
      async ask() {
        executables.set(exe.raw, (await files.resolve(exe.raw)) ?? exe.raw);
        return () => undefined;
      },
    };
  }

  return {
    checks: pents.flatMap(({ user, exe }) => [
      ...(user === undefined ? [] : [userCheck(user)]),
      ...(exe === undefined ? [] : [exeCheck(exe)]),
    ]),
    pents: () =>
      pents.map((read) => {
        const { pent, user, exe } = read;
        return {
          ...read,
          pent: { ...pent, uid: user && uids.get(user.raw), exe: exe && executables.get(exe.raw) },
        };
      }),
  };
}
