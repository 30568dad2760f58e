// Turns a message of the catalogue into one line of text that no value can forge.
import { catalogue, type LogMessage } from './catalogue.ts';
import { visible } from './visible.ts';

export function formatMessage(message: LogMessage): string {
  // Every member's values are strings and numbers by name; the union of them has no common index signature.
  const values = message.values as Readonly<Record<string, string | number>>;
  return catalogue[message.id].text.replace(/\{(\w+)\}/g, (_, name: string) => visible(String(values[name])));
}
