// What the bench prints: the machine, each row as it comes, and all of them as a Markdown table at the end.

import { readdirSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

export function describeMachine({ seed, repetitions }) {
  const [{ model } = { model: 'unknown' }] = cpus();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  return [
    `machine: ${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`,
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}, ${processes} processes; seed ${seed}, ${repetitions} rounds`,
  ].join('\n');
}

export function printRow(row) {
  console.log(`${verdict(row)} ${row.row}: ${cells(row).slice(1, -1).filter(Boolean).join(' | ')}`);
}

export function printTable(rows) {
  const heads = ['row', 'measured', 'middle half', 'beside', 'ratio', 'target', ''];
  const table = [heads, heads.map(() => '---'), ...rows.map(cells)];
  console.log(`\n${table.map((line) => `| ${line.join(' | ')} |`).join('\n')}`);
}

function cells(row) {
  const ratio = row.ratio === undefined ? '' : `× ${row.ratio.toFixed(2)}`;
  return [row.row, row.measured, row.spread, row.beside, ratio, row.target ?? '', verdict(row)];
}

function verdict({ isMet }) {
  return isMet === undefined ? '-' : isMet ? 'ok' : 'MISSED';
}
