// Who else could change what pcheck reads and runs (SPEC 2, Trust): the pfile and its commands must be owned by
// root or pcheck's own user, writable by nobody else, and lie where nobody else can put another file in place.
//
// The pfile's owner is that of the descriptor its text was read from; commands are looked at now and run later.
// What is left between looking and using: where every directory and link on the way belongs to root or pcheck's
// user, and others can write to none (or, with the sticky bit, cannot touch what is not theirs), only those two
// can make a path lead elsewhere. A group that may write to a directory can too: the rule leaves that open.
import type { Files, Ownership } from '../system/types.ts';
import type { ReadCommand } from './command.ts';
import { formatMode, GROUP_WRITE, OTHERS_WRITE, STICKY } from './mode.ts';
import { walkPath } from './path-walk.ts';
import { quote, shellWord } from './quote.ts';
import type { Report } from './report.ts';
import type { DiagnosticCode } from './types.ts';

type Finding = {
  readonly code: DiagnosticCode;
  readonly path: string;
  readonly text: string;
};

/** `path` is the pfile as it was named, `owner` that of the file which was read. */
export function checkTrust(
  path: string,
  owner: Ownership,
  commands: readonly ReadCommand[],
  files: Files,
  report: Report,
): void {
  // A directory that holds ten scripts is one mistake, told where it first matters.
  const told = new Set<string>();
  function tell(what: string, place: { line: number; column: number }, findings: readonly Finding[]): void {
    for (const { code, path: culprit, text } of findings) {
      const finding = `${code} ${culprit}`;
      if (!told.has(finding)) report.error(place, code, `${what} cannot be trusted: ${text}`);
      told.add(finding);
    }
  }
  tell('this pfile', { line: 1, column: 1 }, findingsOf(path, files, owner));
  for (const { what, at, script } of commands) {
    tell(`${what} ${quote(script.path)}`, at, findingsOf(script.path, files));
  }
}

/** What is not there has no finding: that it is missing is the matter of check.ts. */
function findingsOf(path: string, files: Files, readFrom?: Ownership): Finding[] {
  const { directories, links, file } = walkPath(path, files);
  const owner = readFrom ?? files.owner(file);
  return [
    ...directories.flatMap((directory) => directoryFindings(directory, files)),
    ...links.flatMap((link) => linkFindings(link, files)),
    ...(owner === undefined ? [] : fileFindings(file, owner, files)),
  ];
}

function fileFindings(path: string, { uid, mode }: Ownership, files: Files): Finding[] {
  const findings: Finding[] = [];
  if (!isTrusted(uid, files)) {
    const text = `${path} is ${ownedBy(uid, mode, files)} may change it: chown root ${shellWord(path)}`;
    findings.push({ code: 'untrusted-owner', path, text });
  }
  if (mode & (GROUP_WRITE | OTHERS_WRITE)) {
    const who = [mode & GROUP_WRITE ? 'its group' : '', mode & OTHERS_WRITE ? 'others' : ''];
    const whose = who.filter((word) => word !== '').join(' and ');
    const text = `${whose} may write to ${path} (${formatMode(mode)}): chmod go-w ${shellWord(path)}`;
    findings.push({ code: 'untrusted-mode', path, text });
  }
  return findings;
}

function directoryFindings(path: string, files: Files): Finding[] {
  const owner = files.owner(path);
  if (owner === undefined) return [];
  const { uid, mode } = owner;
  const findings: Finding[] = [];
  if (!isTrusted(uid, files)) {
    const text = `the directory ${path} is ${ownedBy(uid, mode, files)} may replace what is in it`;
    findings.push({ code: 'untrusted-directory', path, text: `${text}: chown root ${shellWord(path)}` });
  }
  if (mode & OTHERS_WRITE && !(mode & STICKY)) {
    const text = `others may write to the directory ${path} (${formatMode(mode)}) and replace what is in it`;
    findings.push({ code: 'untrusted-directory-mode', path, text: `${text}: chmod o-w ${shellWord(path)}` });
  }
  return findings;
}

/** Of no matter where nobody else can write; below /tmp, the owner of a link can lead it elsewhere. */
function linkFindings(path: string, files: Files): Finding[] {
  const uid = files.link(path)?.uid;
  if (uid === undefined || isTrusted(uid, files)) return [];
  const text = `the link ${path} is owned by uid ${uid}, who may lead it elsewhere: chown -h root ${shellWord(path)}`;
  return [{ code: 'untrusted-link', path, text }];
}

function isTrusted(uid: number, { ownUid }: Files): boolean {
  return uid === 0 || uid === ownUid;
}

function ownedBy(uid: number, mode: number, { ownUid }: Files): string {
  const expected = ownUid === 0 ? 'root' : `root or uid ${ownUid}`;
  return `owned by uid ${uid} (${formatMode(mode)}, expected ${expected}), who`;
}
