/** Problems of a table: of the columns that a task passes, or of a file that should hold them. */
import { unreachable } from '../base/result.ts';
import { rangeOf, typeText } from './column-types.ts';
import type { ColumnSchema } from './table-schema.ts';

export type TableProblem =
  | { readonly kind: 'missing-column'; readonly column: string; readonly expected: string }
  | { readonly kind: 'unknown-column'; readonly column: string; readonly known: readonly string[] }
  | { readonly kind: 'wrong-type'; readonly column: string; readonly expected: string; readonly found: string }
  | {
      readonly kind: 'wrong-value';
      readonly column: string;
      readonly row: number;
      readonly schema: ColumnSchema;
      readonly found: string;
    }
  | {
      readonly kind: 'out-of-range';
      readonly column: string;
      readonly row: number;
      readonly schema: ColumnSchema;
      readonly found: string;
    }
  | { readonly kind: 'unexpected-null'; readonly column: string; readonly row: number; readonly expected: string }
  | {
      readonly kind: 'wrong-length';
      readonly column: string;
      readonly length: number;
      /** The schema's first column and its length, which every other must have. */
      readonly other: string;
      readonly otherLength: number;
    }
  | { readonly kind: 'too-large'; readonly column: string; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Describes a problem by a sentence without a full stop; the caller adds task, port and file. */
export function describeTableProblem(problem: TableProblem): string {
  switch (problem.kind) {
    case 'missing-column':
      return `column '${problem.column}' (${problem.expected}) is missing`;
    case 'unknown-column':
      return `column '${problem.column}' is not in the table's schema (it has ${problem.known.join(', ')})`;
    case 'wrong-type':
      return `column '${problem.column}' should be ${problem.expected}, found ${problem.found}`;
    case 'wrong-value':
      return `column '${problem.column}' (${typeText(problem.schema)}), row ${problem.row}: expected ${rangeOf(problem.schema)}, found ${problem.found}`;
    case 'out-of-range':
      return `column '${problem.column}', row ${problem.row}: ${problem.found} does not fit ${typeText(problem.schema)} (${rangeOf(problem.schema)})`;
    case 'unexpected-null':
      return `column '${problem.column}' (${problem.expected}), row ${problem.row}: a null, but the column is not nullable`;
    case 'wrong-length':
      return `column '${problem.column}' has length ${problem.length}, but '${problem.other}' has ${problem.otherLength}`;
    case 'too-large':
      return `column '${problem.column}' takes ${problem.bytes} bytes, more than the ${problem.limit} that a column may have`;
    case 'unreadable':
      return `not a readable Arrow file: ${problem.reason}`;
    default:
      return unreachable(problem);
  }
}
