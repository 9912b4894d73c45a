/** Aligns the headlines of several runs in a matrix: a row for each label, a column for each run. Pure. */

import type { StepHeadline } from '../history/event.ts';
import type { Step } from '../pipeline/pipeline.ts';

export interface SweptHeadline {
  readonly step: string;
  readonly column: string;
  /** The column that names the rows: the first text column besides the headline; null without such a column. */
  readonly label: string | null;
}

export interface SweptHeadlines {
  /** Null if no run reached a headline. */
  readonly headline: SweptHeadline | null;
  readonly labels: readonly string[];
  /** For each run a headline for each label; null if the run has no such row. */
  readonly runs: readonly (readonly (string | null)[])[];
}

/**
 * Compares the headline of the last step that any run reached. A run in which that step failed shows the headline of an
 * earlier step; it is used if its column has the same name.
 */
export function sweptHeadlines(shown: readonly (StepHeadline | null)[], steps: readonly Step[]): SweptHeadlines {
  const last = [...steps].reverse().flatMap(({ name }) => shown.find((table) => table?.step === name) ?? [])[0];
  if (!last) return { headline: null, labels: [], runs: shown.map(() => []) };
  const { step, port, column } = last;
  const output = steps.find(({ name }) => name === step)?.interface.outputs[port];
  const types = output?.kind === 'table' ? output.table.columns : {};
  const label = last.columns.find((name) => name !== column && types[name]?.type === 'utf8') ?? null;
  const tables = shown.map((table) => rowsOf(table, column, label));
  const labels = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return {
    headline: { step, column, label },
    labels,
    runs: tables.map((table) => labels.map((name) => table.get(name) ?? null)),
  };
}

/** Headlines by label. Numbers rows that share a name, and rows without names. */
function rowsOf(shown: StepHeadline | null, column: string, label: string | null): ReadonlyMap<string, string> {
  const at = shown?.columns.indexOf(column) ?? -1;
  const named = label === null ? -1 : (shown?.columns.indexOf(label) ?? -1);
  const rows = new Map<string, string>();
  if (!shown || at < 0 || (label !== null && named < 0)) return rows;
  const seen = new Map<string, number>();
  for (const row of shown.rows) {
    const name = row[named] ?? 'row';
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    rows.set(count > 1 || label === null ? `${name} ${count}` : name, row[at] ?? '');
  }
  return rows;
}
