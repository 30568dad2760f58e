// A question as pcheck reads it: anybody may have written it.
import * as z from 'zod/mini';
import { COMMANDS, PROTOCOL, parseJson, type Request } from './question.ts';

/** Undefined when the line is no request of this protocol. */
export function parseRequest(line: string): Request | undefined {
  return requestSchema.safeParse(parseJson(line)).data;
}

const requestSchema = z.object({
  protocol: z.literal(PROTOCOL),
  pfile: z.string().check(z.maxLength(4096)),
  command: z.enum(COMMANDS),
  pentId: z.optional(z.number().check(z.int(), z.positive())),
});
