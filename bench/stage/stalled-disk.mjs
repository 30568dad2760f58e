// A file system that can be stopped: bindfs (FUSE) in a mount namespace of its own, which goes with it. A
// dead NFS server does the same to who asks it.
import { readFileSync } from 'node:fs';
import { endChild, hasEnded, startChild } from './tools.mjs';
import { until } from './waiting.mjs';

/** Nothing is kept in the kernel, as after some seconds. */
const NO_CACHES = 'attr_timeout=0,entry_timeout=0,negative_timeout=0,allow_other';

/** `real`: the folder that it shows; `folder`: where, for whom `enter` is put before the command. */
export async function mountStallable(stage) {
  const [real, folder] = [stage.folder('real'), stage.folder('stallable')];
  const words = ['--mount', 'bindfs', '-f', '-o', NO_CACHES, real, folder];
  const child = startChild('unshare', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const disk = stage.holds({
    real,
    folder,
    enter: ['nsenter', `--mount=/proc/${child.pid}/ns/mnt`, '--'],
    stall: () => child.kill('SIGSTOP'),
    // SIGTERM would wait for SIGCONT; this gives an error to all who hang.
    end: () => endChild(child, () => child.kill('SIGKILL')),
  });
  await until('bindfs has mounted', () => {
    if (hasEnded(child)) throw new Error('bindfs has ended: is there no /dev/fuse?');
    return readFileSync(`/proc/${child.pid}/mountinfo`, 'utf8').includes(` ${folder} `);
  });
  return disk;
}
