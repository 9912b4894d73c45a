/** `groundwork/task`: what the author of a task imports. */
export { DataError } from './data-error.ts';
export {
  defineTask,
  type FigureOutput,
  type FileOutput,
  type FolderOutput,
  type Log,
  type Network,
  type RunContext,
  type TableInput,
  type TableOutput,
  type Task,
} from './define.ts';
export { figure, file, folder, gathered, table } from './ports.ts';
export { figureSvg } from './render-figure.ts';
export type { ColumnSchema, Columns, ColumnType, Row, TableSchema, WritableColumns } from './table-schema.ts';
