// What a pcheck answered, checked, and as padmin prints it.
import { parseResponse } from '../control/messages.ts';
import { showParam, showPents } from '../control/show.ts';
import { visibleLines } from '../log/visible.ts';
import { ExitError } from './exit.ts';

/** The text to print; undefined when the line is no answer of this protocol. Rejects when pcheck refused. */
export async function readAnswer(line: string, asJson: boolean): Promise<string | undefined> {
  const response = parseResponse(line);
  switch (response?.kind) {
    case 'pents':
      return asJson
        ? (await loadJson()).pentsAsJson(response.snapshot, 'live')
        : showPents(response.snapshot.pents);
    case 'param':
      return asJson ? (await loadJson()).paramAsJson(response.param) : showParam(response.param);
    case 'done':
      return `${visibleLines(response.text)}\n`;
    case 'refused':
      throw new ExitError(response.status, response.text);
    case undefined:
      return undefined;
    default:
      return response satisfies never;
  }
}

function loadJson(): Promise<typeof import('../control/json.ts')> {
  return import('../control/json.ts');
}
