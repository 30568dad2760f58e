// Who else could change what pcheck reads and runs (SPEC 2, Trust): the pfile and its commands must be owned by
// root or pcheck's own user, writable by nobody else, and lie where nobody else can put another file in place.
//
// The pfile's owner is that of the descriptor its text was read from; commands are looked at now and run later.
// What is left between looking and using: where every directory and link on the way belongs to root or pcheck's
// user, and others can write to none (or, with the sticky bit, cannot touch what is not theirs), only those two
// can make a path lead elsewhere. A group that may write to a directory can too: the rule leaves that open.
import type { FileLookup, Ownership } from '../system/types.ts';
import { FILE_ADVICE, type HostCheck } from './check/host-checks.ts';
import type { ReadCommand } from './command.ts';
import { formatMode, GROUP_WRITE, OTHERS_WRITE, STICKY } from './mode.ts';
import { walkPath } from './path-walk.ts';
import { quote, shellWord } from './quote.ts';
import type { DiagnosticCode } from './types.ts';

type Finding = {
  readonly code: DiagnosticCode;
  readonly path: string;
  readonly text: string;
};

/** `path` is the pfile as it was named, `owner` that of the file which was read. */
export function trustChecks(
  path: string,
  owner: Ownership,
  commands: readonly ReadCommand[],
  files: FileLookup,
): HostCheck[] {
  // A directory that holds ten scripts is one mistake, told where it first matters.
  const told = new Set<string>();
  function check(what: string, place: HostCheck['place'], findings: () => Promise<Finding[]>): HostCheck {
    return {
      place,
      what,
      advice: FILE_ADVICE,
      async ask() {
        const found = await findings();
        return (report) => {
          for (const { code, path: culprit, text } of found) {
            const finding = `${code} ${culprit}`;
            if (!told.has(finding)) report.error(place, code, `${what} cannot be trusted: ${text}`);
            told.add(finding);
          }
        };
      },
    };
  }
  const ofCommands = new Map<string, Promise<Finding[]>>();
  function findingsOfCommand(command: string): Promise<Finding[]> {
    const findings = ofCommands.get(command) ?? findingsOf(command, files);
    ofCommands.set(command, findings);
    return findings;
  }
  return [
    check('this pfile', { line: 1, column: 1 }, () => findingsOf(path, files, owner)),
    ...commands.map(({ what, at, script }) =>
      check(`${what} ${quote(script.path)}`, at, () => findingsOfCommand(script.path)),
    ),
  ];
}

/** What is not there has no finding: that it is missing is the matter of check.ts. */
async function findingsOf(path: string, files: FileLookup, readFrom?: Ownership): Promise<Finding[]> {
  const { directories, links, file } = await walkPath(path, files);
  const [ofDirectories, ofLinks, owner] = await Promise.all([
    Promise.all(directories.map((directory) => directoryFindings(directory, files))),
    Promise.all(links.map((link) => linkFindings(link, files))),
    readFrom ?? files.owner(file),
  ]);
  const ofFile = owner === undefined ? [] : fileFindings(file, owner, files);
  return [...ofDirectories.flat(), ...ofLinks.flat(), ...ofFile];
}

function fileFindings(path: string, { uid, mode }: Ownership, files: FileLookup): Finding[] {
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

async function directoryFindings(path: string, files: FileLookup): Promise<Finding[]> {
  const owner = await files.owner(path);
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
async function linkFindings(path: string, files: FileLookup): Promise<Finding[]> {
  const link = await files.link(path);
  if (link === undefined || link === 'no-link' || isTrusted(link.uid, files)) return [];
  const { uid } = link;
  const text = `the link ${path} is owned by uid ${uid}, who may lead it elsewhere: chown -h root ${shellWord(path)}`;
  return [{ code: 'untrusted-link', path, text }];
}

function isTrusted(uid: number, { ownUid }: FileLookup): boolean {
  return uid === 0 || uid === ownUid;
}

function ownedBy(uid: number, mode: number, { ownUid }: FileLookup): string {
  const expected = ownUid === 0 ? 'root' : `root or uid ${ownUid}`;
  return `owned by uid ${uid} (${formatMode(mode)}, expected ${expected}), who`;
}
