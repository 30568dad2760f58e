// The temporary folder of one demo: its own copy of the pfile, the restart script and the service.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const FILES = [
  [new URL('./pfile', import.meta.url), 0o644],
  [new URL('./restart.sh', import.meta.url), 0o755],
  [new URL('./service.mjs', import.meta.url), 0o755],
];

export function makeFolder() {
  return mkdtempSync(join(tmpdir(), 'psaver-demo-'));
}

/** The copies get this folder and an IPCKEY of this demo in place of those that the pfile has. */
export function furnish(folder) {
  const ipckey = `0xde${process.pid.toString(16).padStart(6, '0')}`;
  for (const [file, mode] of FILES) {
    const text = readFileSync(file, 'utf8');
    const copy = join(folder, basename(file.pathname));
    writeFileSync(copy, text.replaceAll('/opt/demo', folder).replaceAll('0xde000001', ipckey));
    // Whatever the umask is: pcheck need not trust a script that a group may write.
    chmodSync(copy, mode);
  }
}

/** What services and restart scripts printed: nothing when all is well. */
export function outputIn(folder) {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder).filter((name) => /\.(log|out)$/.test(name));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

/** And the verdict, which lies where cluster managers look for it. */
export function removeFolder(folder) {
  const links = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.verdict')) : [];
  for (const name of links) rmSync(readlinkSync(join(folder, name)), { force: true });
  rmSync(folder, { recursive: true, force: true });
}
