// Rows of a pcheck that something disturbs: what it takes then, beside what it takes undisturbed in the same
// run.
import { figure, milliseconds, spread } from './result.mjs';

const RATIO_MAX = 2;
const ANSWER_MILLISECONDS_MAX = 50;

export const withinRatio = {
  target: `≤ ${RATIO_MAX} × undisturbed`,
  isMet: (before, { p95 }) => p95 <= RATIO_MAX * before.p95,
};

/** The 95th percentile of deaths to scripts (deaths.mjs); `floor`: the same of the C floor. */
export function disturbedRow(row, bound, before, during, floor) {
  return {
    row: `${row}, p95`,
    measured: `${milliseconds(during.p95)}${during.isHeldUp ? ', then none in time' : ''}`,
    spread: `median ${milliseconds(during.median)}, ${spread(during, milliseconds)}`,
    beside: `undisturbed ${milliseconds(before.p95)}; C floor ${milliseconds(floor.before.p95)}, then ${milliseconds(floor.during.p95)}`,
    ratio: during.p95 / before.p95,
    target: bound.target,
    isMet: !during.isHeldUp && bound.isMet(before, during),
    figures: [figure(`${row}, p95`, during.p95, milliseconds)],
  };
}

/** The longest of the answers (asker.mjs). */
export function answerRow(row, { count, milliseconds: longest }) {
  return {
    row,
    measured: milliseconds(longest),
    spread: `of ${count}`,
    beside: '',
    target: `≤ ${ANSWER_MILLISECONDS_MAX} ms`,
    isMet: longest <= ANSWER_MILLISECONDS_MAX,
    figures: [figure(row, longest, milliseconds)],
  };
}
