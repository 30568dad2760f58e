// padmin's work: finds the pcheck of a pfile by its IPCKEY alone (a pfile that is broken elsewhere never keeps
// it from `stop`), asks it, prints what it says. Without asking: last.ts.
import { paramAsJson, pentsAsJson } from '../control/json.ts';
import { type CommandName, makeRequest, parseResponse, type Response } from '../control/messages.ts';
import { showParam, showPents } from '../control/show.ts';
import { message } from '../log/catalogue.ts';
import { readIpckeyLeniently, readMsgCheckIntervalLeniently } from '../pfile/lenient.ts';
import { errorCode } from '../system/errors.ts';
import { realFiles } from '../system/real/files.ts';
import { loadKernel } from '../system/real/kernel.ts';
import { askLine } from '../system/real/line-socket.ts';
import { printError, printOut } from '../system/real/terminal.ts';
import type { AskFailure } from '../system/types.ts';
import type { PadminOptions } from './command-line.ts';
import { EXIT, ExitError } from './exit.ts';
import { showLast } from './last.ts';
import { openSyslog } from './open-syslog.ts';
import { socketPath } from './paths.ts';
import { unreadable } from './unreadable.ts';

export async function administrate(options: PadminOptions): Promise<number> {
  const { file, command, pentId, json } = options;
  const text = readPfileText(file);
  if (options.last) return showLast(options, text);
  const ipckey = readIpckeyLeniently(text);
  if (ipckey === undefined) {
    throw new ExitError(EXIT.badPfile, `${file}: no valid IPCKEY line (expected: IPCKEY 0x1 to 0xffffffff)`);
  }
  const pfile = realFiles.resolve(file) ?? file;
  const socket = socketPath(ipckey);
  const asked = await askLine(
    socket,
    makeRequest(pfile, command, pentId),
    readMsgCheckIntervalLeniently(text),
  );
  if ('failure' in asked) throw failed(asked.failure, options, socket);
  const response = parseResponse(asked.answer);
  if (response === undefined) throw failed('no-answer', options, socket);
  printOut(answerText(response, json));
  if (response.kind === 'done') await tellSyslog(command, pfile);
  return EXIT.done;
}

function readPfileText(file: string): string {
  try {
    return realFiles.readText(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function answerText(response: Response, asJson: boolean): string {
  switch (response.kind) {
    case 'pents':
      return asJson ? pentsAsJson(response.snapshot, 'live') : showPents(response.snapshot.pents);
    case 'param':
      return asJson ? paramAsJson(response.param) : showParam(response.param);
    case 'done':
      return `${response.text}\n`;
    case 'refused':
      throw new ExitError(response.status, response.text);
    default:
      return response satisfies never;
  }
}

/** Commands that change something leave a line in syslog (SPEC 5); without koffi or a daemon they work all the same. */
async function tellSyslog(command: CommandName, pfile: string): Promise<void> {
  const kernel = await loadKernel().catch((error: unknown) => {
    printError(`padmin: not logged to syslog, koffi cannot be loaded: ${errorCode(error)}\n`);
    return undefined;
  });
  if (kernel !== undefined) openSyslog(kernel, 'padmin').write(message('commandExecute', { command, pfile }));
}

function failed(failure: AskFailure, { file, command }: PadminOptions, socket: string): ExitError {
  const hint = command === 'show pent' ? '; --last shows what the last one wrote to its dump file' : '';
  switch (failure) {
    case 'not-running':
      return new ExitError(
        EXIT.notRunning,
        `no pcheck is running for ${file} (asked at ${socket}; another user's pcheck is asked by that user)${hint}`,
      );
    case 'not-permitted':
      return new ExitError(EXIT.notPermitted, `not permitted: the pcheck of ${file} belongs to another user`);
    case 'no-answer':
      return new ExitError(EXIT.noAnswer, `the pcheck of ${file} did not answer in time`);
    default:
      return failure satisfies never;
  }
}
