// How figures are written in the table.

export function milliseconds(value) {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

export function mebibytes(kib) {
  return `${(kib / 1024).toFixed(1)} MB`;
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
