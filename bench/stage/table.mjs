// What the bench prints: the machine, each row as it comes, and all of them as a Markdown table at the end.

import { readdirSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { times } from './result.mjs';

export function describeMachine(options) {
  const [{ model } = { model: 'unknown' }] = cpus();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `machine: ${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`,
    `load ${load.join(' ')}, ${processes} processes; seed ${options.seed}, ${options.times} times, rounds ${options.rounds}`,
  ].join('\n');
}

export function printRow(row, prefix) {
  console.log(`${prefix}${verdict(row)} ${row.row}: ${cells(row).slice(1, -1).filter(Boolean).join(' | ')}`);
}

export function printTable(rows) {
  const heads = ['row', 'measured', 'middle half', 'beside', 'ratio', 'target', ''];
  const table = [heads, heads.map(() => '---'), ...rows.map(cells)];
  console.log(`\n${table.map((line) => `| ${line.join(' | ')} |`).join('\n')}`);
}

function cells(row) {
  const ratio = row.ratio === undefined ? '' : times(row.ratio);
  return [row.row, row.measured, row.spread, row.beside, ratio, row.target ?? '', verdict(row)];
}

function verdict({ isFailed = false, isMet }) {
  if (isFailed) return 'FAILED';
  return isMet === undefined ? '-' : isMet ? 'ok' : 'MISSED';
}
