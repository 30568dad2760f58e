// What padmin asks of pcheck: one JSON line. It starts anew for every command, so this is without zod: the question is
// on its way before the schemas of the answer (messages.ts) are made. How pcheck checks it is request.ts.

export const PROTOCOL = 1;

export const COMMANDS = ['show pent', 'show param', 'stop', 'start', 'reload', 'reset', 'shutdown'] as const;
export type CommandName = (typeof COMMANDS)[number];

export type Request = {
  readonly protocol: typeof PROTOCOL;
  /** The pfile's real path: the same IPCKEY in another pfile is another pcheck. */
  readonly pfile: string;
  readonly command: CommandName;
  readonly pentId?: number | undefined;
};

export function makeRequest(pfile: string, command: CommandName, pentId: number | undefined): string {
  const request: Request = { protocol: PROTOCOL, pfile, command };
  return JSON.stringify(pentId === undefined ? request : { ...request, pentId });
}

export function formatIpckey(ipckey: number): string {
  return `0x${ipckey.toString(16).padStart(8, '0')}`;
}

/** A line of either side; undefined when it is no JSON. */
export function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // SyntaxError: no JSON, so no message either.
    return undefined;
  }
}
