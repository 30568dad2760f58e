// A disk that can be frozen: ext4 in a file, on a loop device. Who writes to it then waits, out of reach of
// any signal.
import { lineProgram } from './tools.mjs';

export async function mountFreezable(stage) {
  const folder = stage.folder('frozen');
  const words = ['-c', `read -r _\n${HOLDER}`, 'holder', folder];
  const holder = stage.holds(lineProgram('/bin/sh', words));
  await holder.ask('mount');
  return { folder: `${folder}/disk`, freeze: () => holder.ask('freeze') };
}

// Ends when its standard input does, so that nothing stays frozen or mounted.
const HOLDER = `
set -e
truncate -s 8M "$1/image"
mkfs.ext4 -q "$1/image"
mkdir -p "$1/disk"
mount -o loop "$1/image" "$1/disk"
trap 'fsfreeze -u "$1/disk" || :; umount -l "$1/disk"' EXIT
trap exit TERM INT HUP
echo mounted
read -r _
fsfreeze -f "$1/disk"
echo frozen
read -r _ || :
`;
