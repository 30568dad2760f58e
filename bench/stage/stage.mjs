// Where one run of a row plays: a folder of its own, the build that is measured, and everything that has to
// end with it.
import { mkdirSync, rmSync } from 'node:fs';
import { endLeftOver } from './left-over.mjs';
import { createRecord } from './record.mjs';
import { toolsIn } from './tools.mjs';
import { oneLine } from './waiting.mjs';

let count = 0;

export function createStage(options, build, home) {
  count += 1;
  const own = `${home}/run-${count}`;
  const held = [];
  const stage = {
    ...options,
    build,
    tools: toolsIn(`${home}/tools`),
    folder(name) {
      mkdirSync(`${own}/${name}`, { recursive: true });
      return `${own}/${name}`;
    },
    record: (name) => createRecord(`${stage.folder('records')}/${name}`),
    /**
     * `end` is called when the row is done, also when it fails, last one first; `tell` says how it stands
     * then.
     */
    holds(thing) {
      held.unshift(thing);
      return thing;
    },
    tell: () => held.map((thing) => thing.tell?.()).filter((text) => text !== undefined),
    /** Ends all, one after the other, whatever happens to one of them. Throws what has happened. */
    async clear() {
      const ends = [...held.splice(0).map((thing) => () => thing.end()), endLeftOver, removeFolder];
      const troubles = [];
      for (const end of ends) {
        try {
          await end();
        } catch (error) {
          troubles.push(oneLine(error));
        }
      }
      if (troubles.length > 0) throw new Error(troubles.join('; '));
    },
  };
  function removeFolder() {
    rmSync(own, { recursive: true, force: true });
  }
  return stage;
}
