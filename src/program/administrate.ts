// padmin's work: finds the pcheck of a pfile by its IPCKEY alone (a pfile that is broken elsewhere never keeps
// it from `stop`), asks it, prints what it says. Scripts call padmin again and again, so what is not needed for the
// question is loaded while pcheck thinks, or by the commands that need it.
import { type CommandName, makeRequest } from '../control/question.ts';
import { visible } from '../log/visible.ts';
import { readIpckeyLeniently, readMsgCheckIntervalLeniently } from '../pfile/lenient.ts';
import { errorCode } from '../system/errors.ts';
import { askLine } from '../system/real/ask-line.ts';
import { readText, resolvePath } from '../system/real/files.ts';
import { printOut } from '../system/real/terminal.ts';
import type { AskFailure } from '../system/types.ts';
import { EXIT, ExitError } from './exit.ts';
import type { PadminOptions } from './padmin-options.ts';
import { socketPath } from './paths.ts';
import { unreadable } from './unreadable.ts';

export async function administrate(options: PadminOptions): Promise<number> {
  const { file, command, pentId, json } = options;
  const text = readPfileText(file);
  if (options.last) {
    const { showLast } = await import('./last.ts');
    return showLast(options, text);
  }
  const ipckey = readIpckeyLeniently(text);
  if (ipckey === undefined) {
    throw new ExitError(
      EXIT.badPfile,
      `${visible(file)}: no valid IPCKEY line (expected: IPCKEY 0x1 to 0xffffffff)`,
    );
  }
  const pfile = resolvePath(file) ?? file;
  const socket = socketPath(ipckey);
  const asked = await askLine(
    socket,
    makeRequest(pfile, command, pentId),
    readMsgCheckIntervalLeniently(text) + (command === 'reload' ? RELOAD_SECONDS : 0),
    loadAnswer,
  );
  if ('failure' in asked) {
    if (asked.failure === 'not-running') await requireKernel(file);
    throw failed(asked.failure, options, socket);
  }
  const { readAnswer } = await loadAnswer();
  const answer = await readAnswer(asked.answer, json);
  if (answer === undefined) throw failed('no-answer', options, socket);
  if (CHANGES.includes(command)) {
    const { logCommand } = await import('./log-command.ts');
    await logCommand(command, pfile);
  }
  // Last, since it may end padmin: what was done is done, and logged.
  printOut(answer);
  return EXIT.done;
}

/** What a pcheck may wait for while it reads the pfile, twice when it is reading it already. */
const RELOAD_SECONDS = 10;

const CHANGES: readonly CommandName[] = ['stop', 'start', 'reload', 'reset', 'shutdown'];

function readPfileText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function loadAnswer(): Promise<typeof import('./answer.ts')> {
  return import('./answer.ts');
}

/** Where koffi is missing no pcheck can run: that is no answer to whether one should. */
async function requireKernel(file: string): Promise<void> {
  const { loadKernel } = await import('../system/real/kernel.ts');
  try {
    await loadKernel();
  } catch (error) {
    throw new ExitError(
      EXIT.defect,
      `no pcheck is running for ${file}, and none can: koffi cannot be loaded (is psaver installed whole?): ${errorCode(error)}`,
    );
  }
}

function failed(failure: AskFailure, { file, command }: PadminOptions, socket: string): ExitError {
  const hint = command === 'show pent' ? '; --last shows what the last one wrote to its dump file' : '';
  switch (failure) {
    case 'not-running':
      return new ExitError(
        EXIT.notRunning,
        `no pcheck is running for ${visible(file)} (asked at ${visible(socket)}, by the IPCKEY as it is now; another user's pcheck is asked by that user)${hint}`,
      );
    case 'not-permitted':
      return new ExitError(
        EXIT.notPermitted,
        `not permitted: the pcheck of ${visible(file)} belongs to another user`,
      );
    case 'no-answer':
      return new ExitError(EXIT.noAnswer, `the pcheck of ${visible(file)} did not answer in time`);
    default:
      return failure satisfies never;
  }
}
