// Where a bench plays: a folder of its own, the compiled tools, and everything that has to end with it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRecord } from './record.mjs';
import { compileFloor } from './tools.mjs';

export function createStage(seed, repetitions, kills) {
  const home = mkdtempSync(`${tmpdir()}/psaver-bench-`);
  const tools = compileFloor(`${home}/tools`);
  const ends = [];
  return {
    home,
    tools,
    seed,
    repetitions,
    kills,
    folder(name) {
      mkdirSync(`${home}/${name}`, { recursive: true });
      return `${home}/${name}`;
    },
    record: (name) => createRecord(`${home}/${name}.starts`),
    /** `end` is called when the row is done, also when it fails, last one first. */
    holds(thing) {
      ends.unshift(() => thing.end());
      return thing;
    },
    async clear() {
      for (const end of ends.splice(0)) await end();
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
