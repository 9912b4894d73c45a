/** Problems of a table: of the columns that a task passes, or of a file that should hold them. */
import { unreachable } from '../base/result.ts';
import type { ColumnType } from './table-schema.ts';

export type TableProblem =
  | { readonly kind: 'missing-column'; readonly column: string; readonly expected: ColumnType }
  | { readonly kind: 'unknown-column'; readonly column: string; readonly known: readonly string[] }
  | { readonly kind: 'wrong-type'; readonly column: string; readonly expected: ColumnType; readonly found: string }
  | {
      readonly kind: 'wrong-value';
      readonly column: string;
      readonly row: number;
      readonly expected: ColumnType;
      readonly found: string;
    }
  | {
      readonly kind: 'out-of-range';
      readonly column: string;
      readonly row: number;
      readonly expected: ColumnType;
      readonly found: string;
    }
  | { readonly kind: 'unexpected-null'; readonly column: string; readonly row: number; readonly expected: ColumnType }
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

const RANGES = {
  int64: 'a whole number from -2^63 to 2^63 - 1 (as a plain number, from -(2^53 - 1) to 2^53 - 1)',
  int32: 'a whole number from -2147483648 to 2147483647',
  uint16: 'a whole number from 0 to 65535',
  float64: 'a number',
  float32: 'a number of at most 3.4028235e38 in size',
  bool: 'true or false',
  utf8: 'well-formed text',
} as const satisfies { [T in ColumnType]: string };

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
      return `column '${problem.column}' (${problem.expected}), row ${problem.row}: expected ${RANGES[problem.expected]}, found ${problem.found}`;
    case 'out-of-range':
      return `column '${problem.column}', row ${problem.row}: ${problem.found} does not fit ${problem.expected} (${RANGES[problem.expected]})`;
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
