// Fills in what the text of a pfile leaves to the host: which uid a user has, where the links of exe lead.
import type { Files } from '../system/types.ts';
import type { ReadPent } from './pent.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Span } from './span.ts';

export function lookUp(pents: readonly ReadPent[], files: Files, report: Report): ReadPent[] {
  // Once a name: asking may take seconds.
  const uids = new Map<string, number | undefined>();
  function uidOf(user: Span): number | undefined {
    if (!uids.has(user.raw)) uids.set(user.raw, files.userId(user.raw));
    const uid = uids.get(user.raw);
    if (uid === undefined) {
      // Not a warning: without the uid, processes of any user would match.
      const text = `there is no user ${quote(user.raw)} (neither in /etc/passwd nor known to getent)`;
      report.error(user, 'unknown-user', `${text}: check the name, or write the uid`);
    }
    return uid;
  }
  return pents.map((read) => {
    const { pent, user, exe } = read;
    const resolved = exe && (files.resolve(exe.raw) ?? exe.raw);
    return { ...read, pent: { ...pent, uid: user && uidOf(user), exe: resolved } };
  });
}
