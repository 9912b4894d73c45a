/** A sweep as a tidy table. */
import type { Json } from '../base/json.ts';
import type { TableSchema, WritableColumns } from '../task/table-schema.ts';
import { valueText } from './facet.ts';
import type { Sweep, SweptAxis } from './sweep.ts';

/** One row a recording and run; its columns are called as the parameters and the headline table's are. */
export function sweepTable({ axes, headline, labels, runs }: Sweep): {
  readonly schema: TableSchema;
  readonly columns: WritableColumns<TableSchema>;
} {
  const { step, column, label } = headline ?? { step: '', column: 'headline', label: null };
  const rows = runs.flatMap((run) => labels.map((name, i) => ({ run, name, headline: run.headlines[i] ?? null })));
  const made = axes.map((axis, i) =>
    parameterColumn(
      axis,
      rows.map(({ run }) => run.values[i] ?? null),
    ),
  );
  const about = 'in the run with these values';
  return {
    schema: {
      description: `What ${step} says at each value of ${axes.map(({ parameter }) => parameter).join(', ')}.`,
      columns: {
        ...Object.fromEntries(made.map(({ name, schema }) => [name, schema])),
        [label ?? 'row']: { type: 'utf8', description: `Row of the headline of ${step}.` },
        [column]: {
          type: 'utf8',
          nullable: true,
          description: `Headline of ${step} ${about}; null where a failure left none.`,
        },
        actions_executed: { type: 'int32', description: `Actions executed ${about}.`, unit: 'actions' },
        actions_reused: { type: 'int32', description: `Actions whose result was taken ${about}.`, unit: 'actions' },
      },
    },
    columns: {
      ...Object.fromEntries(made.map(({ name, values }) => [name, values])),
      [label ?? 'row']: rows.map(({ name }) => name),
      [column]: rows.map((row) => row.headline),
      actions_executed: rows.map(({ run }) => run.executed),
      actions_reused: rows.map(({ run }) => run.reused),
    } as WritableColumns<TableSchema>,
  };
}

/** Numbers and truth values as such, all else as its JSON. */
function parameterColumn({ parameter, values: all }: SweptAxis, values: readonly Json[]) {
  const are = (type: string) => all.every((value) => typeof value === type);
  const type = are('number') ? ('float64' as const) : are('boolean') ? ('bool' as const) : ('utf8' as const);
  const schema = { type, description: 'Value of the parameter.' };
  return { name: parameter, schema, values: type === 'utf8' ? values.map(valueText) : values };
}
