/** A sweep as a table in long form. */
import type { Json } from '../base/json.ts';
import type { TableSchema, WritableColumns } from '../task/table-schema.ts';
import { valueText } from './facet.ts';
import type { Sweep, SweptAxis } from './sweep.ts';

/** A row for each recording and run. Columns have the names of the parameters and of the headline table's columns. */
export function sweepTable({ axes, headline, labels, runs }: Sweep): {
  readonly schema: TableSchema;
  readonly columns: WritableColumns<TableSchema>;
} {
  const { step, column, label } = headline ?? { step: '', column: 'headline', label: null };
  const rows = runs.flatMap((run) => labels.map((name, i) => ({ run, name, headline: run.headlines[i] ?? null })));
  const parameters = axes.map((axis, i) =>
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
        ...Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
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
      ...Object.fromEntries(parameters.map(({ name, values }) => [name, values])),
      [label ?? 'row']: rows.map(({ name }) => name),
      [column]: rows.map((row) => row.headline),
      actions_executed: rows.map(({ run }) => run.executed),
      actions_reused: rows.map(({ run }) => run.reused),
    } as WritableColumns<TableSchema>,
  };
}

/** Numbers and booleans keep their type; other values become text. */
function parameterColumn({ parameter, values: all }: SweptAxis, values: readonly Json[]) {
  const type = columnType(all);
  const schema = { type, description: 'Value of the parameter.' };
  return { name: parameter, schema, values: type === 'utf8' ? values.map(valueText) : values };
}

function columnType(values: readonly Json[]): 'float64' | 'bool' | 'utf8' {
  if (values.every((value) => typeof value === 'number')) return 'float64';
  return values.every((value) => typeof value === 'boolean') ? 'bool' : 'utf8';
}
