/** Reports a benchmark: tables on the terminal, and all numbers as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Comparison } from './compare.ts';

/** Prints the comparisons and writes `bench/results/<name>.json`. Run it in the project's folder, as npm does. */
export function report(name: string, comparisons: readonly Comparison[]): void {
  for (const comparison of comparisons) console.log(tableOf(comparison));
  const folder = join('bench', 'results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, `${JSON.stringify({ machine: machine(), comparisons }, null, 2)}\n`);
  console.log(`written to ${path}`);
}

const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});

/** A Markdown table, so that it can be pasted into docs/performance.md. */
function tableOf({ title, reference, timings, leftOut }: Comparison): string {
  const withMemory = timings.some(({ megabytes }) => megabytes !== undefined);
  const rows = timings.map(({ name, rounds, median, fastest, slowest, ratio, megabytes }) => [
    name,
    median.toFixed(1),
    `${fastest.toFixed(1)} to ${slowest.toFixed(1)}`,
    String(rounds),
    ratio.toFixed(3),
    ...(withMemory ? [megabytes?.toFixed(0) ?? ''] : []),
  ]);
  const heads = ['', 'median, ms', 'range', 'rounds', `to ${reference}`, ...(withMemory ? ['memory, MB'] : [])];
  const cells = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head = [], ...body] = cells;
  const note = leftOut === undefined ? [] : [`\nleft out: ${leftOut}`];
  return [`\n${title}\n`, line(head), rule, ...body.map(line), ...note, ''].join('\n');
}
