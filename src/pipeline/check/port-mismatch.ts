/** Checks whether an output fits an input. */
import type { FilePort, FolderPort, OutputPort, TablePort } from '../../task/ports.ts';
import type { TableSchema } from '../../task/table-schema.ts';

export type SinglePort = FilePort | FolderPort | TablePort;

export type PortMismatch =
  | { readonly kind: 'kind' }
  | { readonly kind: 'missing' }
  /** A sentence per column. */
  | { readonly kind: 'columns'; readonly problems: readonly string[] };

/**
 * Returns null if the output fits. A figure fits a file (it is an SVG), and a file ending in `.arrow` fits a table: a
 * shell step can write a table, and its columns are checked when it is read.
 */
export function portMismatch(input: SinglePort, output: OutputPort): PortMismatch | null {
  if (input.kind === 'table' && output.kind === 'table') {
    const problems = columnProblems(input.table, output.table);
    if (problems.length > 0) return { kind: 'columns', problems };
  } else if (input.kind === 'table') {
    if (output.kind !== 'file' || output.extension !== '.arrow') return { kind: 'kind' };
  } else if (input.kind === 'file') {
    if (output.kind !== 'file' && output.kind !== 'figure') return { kind: 'kind' };
  } else if (output.kind !== 'folder') return { kind: 'kind' };
  return isOptional(output) && !isOptional(input) ? { kind: 'missing' } : null;
}

const isOptional = (port: OutputPort): boolean => port.kind !== 'figure' && port.optional === true;

function columnProblems(wanted: TableSchema, found: TableSchema): readonly string[] {
  return Object.entries(wanted.columns).flatMap(([name, column]): readonly string[] => {
    const have = Object.hasOwn(found.columns, name) ? found.columns[name] : undefined;
    if (have === undefined) return [`column '${name}' (${column.type}) is missing`];
    if (have.type !== column.type) return [`column '${name}' is ${have.type}, not ${column.type}`];
    if (have.unit !== undefined && column.unit !== undefined && have.unit !== column.unit) {
      return [`column '${name}' is in ${have.unit}, not in ${column.unit}`];
    }
    if (have.nullable === true && column.nullable !== true) return [`column '${name}' may have missing values`];
    return [];
  });
}

/** Describes a kind of port in messages: `a table`. */
export const describePort = (port: OutputPort | SinglePort): string => {
  if (port.kind === 'file') return port.extension === undefined ? 'a file' : `a file (${port.extension})`;
  return `a ${port.kind}`;
};
