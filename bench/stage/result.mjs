// A row's result: the figures that another build is compared by, and how they are written in the table.

/** `allowed`: by how much a build may be worse than another one. Less is better in all of them. */
export function figure(name, value, write, allowed = 0) {
  return { name, value, write, allowed };
}

/** The row that takes the place of one that could not be measured. */
export function failed(row, reason) {
  return { row, measured: reason, spread: '', beside: '', isFailed: true };
}

export function milliseconds(value) {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function mebibytes(kib) {
  return `${(kib / 1024).toFixed(1)} MB`;
}

export function percent(value) {
  return `${value.toFixed(3)} %`;
}

export function times(ratio) {
  return `× ${ratio.toFixed(2)}`;
}

export function number(value) {
  return String(value);
}

/** The middle half of the measurements. */
export function spread({ spread: [low, high], count }, write) {
  return `${write(low)} to ${write(high)} (n=${count})`;
}

/** The floor and the peers of a row. */
export function beside(summaries, write) {
  return [...summaries]
    .filter(([label]) => label !== 'psaver')
    .map(([label, { median }]) => `${label} ${write(median)}`)
    .join(', ');
}
