// Commands that change something leave a line in syslog (SPEC 5); without koffi or a daemon they work all the same.
import type { CommandName } from '../control/question.ts';
import { message } from '../log/catalogue.ts';
import { errorCode } from '../system/errors.ts';
import { loadKernel } from '../system/real/kernel.ts';
import { printError } from '../system/real/terminal.ts';
import { openSyslog } from './open-syslog.ts';

export async function logCommand(command: CommandName, pfile: string): Promise<void> {
  const kernel = await loadKernel().catch((error: unknown) => {
    printError(`padmin: not logged to syslog, koffi cannot be loaded: ${errorCode(error)}\n`);
    return undefined;
  });
  if (kernel !== undefined) openSyslog(kernel, 'padmin').write(message('commandExecute', { command, pfile }));
}
