/** `groundproof/task`: everything that the author of a task imports. */
import { DataError } from './data-error.ts';
import { defineTask } from './define.ts';
import { figure, file, folder, gathered, table } from './ports.ts';
import { figureSvg } from './render-figure.ts';

export type { ColumnType } from './column-types.ts';
export type {
  FigureOutput,
  FileOutput,
  FolderOutput,
  Log,
  Network,
  RunContext,
  TableInput,
  TableOutput,
  Task,
} from './define.ts';
export type { ColumnSchema, Columns, Row, TableSchema, WritableColumns } from './table-schema.ts';
export { DataError, defineTask, figure, figureSvg, file, folder, gathered, table };

// Tasks of a thread share these objects: freeze them, so that no task can change them for another.
for (const shared of [DataError, DataError.prototype, defineTask, figure, figureSvg, file, folder, gathered, table]) {
  Object.freeze(shared);
}
