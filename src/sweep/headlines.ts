/** The headlines of several runs side by side: one row a label, one column a run. Pure. */

import type { StepHeadline } from '../history/event.ts';
import type { Step } from '../pipeline/pipeline.ts';

export interface SweptHeadline {
  readonly step: string;
  readonly column: string;
  /** The column that names the rows: the first text beside the headline; null where there is none. */
  readonly label: string | null;
}

export interface SweptHeadlines {
  /** Null where no run has come so far. */
  readonly headline: SweptHeadline | null;
  readonly labels: readonly string[];
  /** Of each run, one for each label; null where the run has no such row. */
  readonly runs: readonly (readonly (string | null)[])[];
}

/**
 * What most of all steps is shown last counts: a run in which that step failed shows an earlier one's headline,
 * which is taken where its column is called the same.
 */
export function sweptHeadlines(shown: readonly (StepHeadline | null)[], steps: readonly Step[]): SweptHeadlines {
  const last = [...steps].reverse().flatMap(({ name }) => shown.find((one) => one?.step === name) ?? [])[0];
  if (!last) return { headline: null, labels: [], runs: shown.map(() => []) };
  const { step, port, column } = last;
  const output = steps.find(({ name }) => name === step)?.interface.outputs[port];
  const types = output?.kind === 'table' ? output.table.columns : {};
  const label = last.columns.find((name) => name !== column && types[name]?.type === 'utf8') ?? null;
  const tables = shown.map((one) => rowsOf(one, column, label));
  const labels = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return {
    headline: { step, column, label },
    labels,
    runs: tables.map((table) => labels.map((name) => table.get(name) ?? null)),
  };
}

/** Headline by label; rows of one name are numbered, and so are rows without a name. */
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
