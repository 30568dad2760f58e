// How long pcheck takes to answer at its socket, asked again and again by bench/floor/asker.c: the longest
// time is that of the longest turn of its loop.
import { lineProgram } from './tools.mjs';

const INTERVAL_MILLISECONDS = 5;

export function startAsker(stage, { socket, pfile }) {
  const question = JSON.stringify({ protocol: 1, pfile, command: 'show param' });
  const words = [socket, question, String(INTERVAL_MILLISECONDS)];
  const asker = stage.holds(lineProgram(stage.tools.asker, words));
  return {
    /** Since it was asked last, an answer that has not come yet included. */
    async longest() {
      const [count, nanoseconds] = (await asker.ask('longest')).split(' ').map(Number);
      if (count === 0 && nanoseconds === 0) throw new Error('nothing was asked');
      return { count, milliseconds: nanoseconds / 1e6 };
    },
    end: asker.end,
  };
}
