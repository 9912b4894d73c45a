/** Finds the first difference of two outputs: the row and column of a table, the byte of other files. */
import { closeSync, existsSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listBelow } from '../files/list-folder.ts';
import { isExecutable } from '../files/signature.ts';
import { readableColumns } from '../task/cell-text.ts';
import type { OutputPort } from '../task/ports.ts';
import { readTable } from '../task/table-file.ts';
import type { TableSchema } from '../task/table-schema.ts';

export type FirstDifference =
  /** `row` counts from 0. */
  | {
      readonly kind: 'value';
      readonly row: number;
      readonly column: string;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly kind: 'rows'; readonly expected: number; readonly found: number }
  /** `offset` counts from 0. It is the size of the shorter file if the longer file starts with it. */
  | { readonly kind: 'byte'; readonly path: string; readonly offset: number }
  /** Equal bytes, but only one file is executable: the found file if `found` is true, else the expected file. */
  | { readonly kind: 'executable'; readonly path: string; readonly found: boolean }
  /** A file that only one folder has, or an empty folder, whose path ends in `/`. */
  | { readonly kind: 'only-expected' | 'only-found'; readonly path: string };

/** Null if the contents are equal. */
export async function firstDifference(
  port: OutputPort,
  expected: string,
  found: string,
): Promise<FirstDifference | null> {
  if (port.kind === 'folder') return firstFolderDifference(expected, found);
  const inTable = port.kind === 'table' ? await firstTableDifference(port.table, expected, found) : null;
  return inTable ?? firstFileDifference(expected, found, '');
}

/** Null if the values are equal, or if a file is not a table of this schema. */
async function firstTableDifference(
  schema: TableSchema,
  expected: string,
  found: string,
): Promise<FirstDifference | null> {
  const [before, now] = await Promise.all([readTable(expected, schema), readTable(found, schema)]);
  if (!before.ok || !now.ok) return null;
  let first: Extract<FirstDifference, { kind: 'value' }> | null = null;
  let [rowsBefore, rowsNow] = [0, 0];
  const [columnsBefore, columnsNow] = [before, now].map(({ value }) => readableColumns(schema, value));
  for (const column of Object.keys(schema.columns)) {
    const [a = [], b = []] = [columnsBefore?.[column], columnsNow?.[column]];
    [rowsBefore, rowsNow] = [a.length, b.length];
    // Only rows above the first difference so far: the first row wins, then the first column.
    const end = Math.min(a.length, b.length, first?.row ?? a.length);
    for (let row = 0; row < end; row++) {
      if (Object.is(a[row], b[row])) continue;
      first = { kind: 'value', row, column, expected: valueText(a[row]), found: valueText(b[row]) };
      break;
    }
  }
  if (first || rowsBefore === rowsNow) return first;
  return { kind: 'rows', expected: rowsBefore, found: rowsNow };
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

function firstFolderDifference(expected: string, found: string): FirstDifference | null {
  const [before, now] = [entriesBelow(expected), entriesBelow(found)];
  for (const path of [...new Set([...before, ...now])].sort()) {
    if (!now.has(path)) return { kind: 'only-expected', path };
    if (!before.has(path)) return { kind: 'only-found', path };
    if (path.endsWith('/')) continue;
    const difference = firstFileDifference(join(expected, path), join(found, path), path);
    if (difference) return difference;
  }
  return null;
}

function entriesBelow(folder: string): ReadonlySet<string> {
  const { files, emptyFolders, links, others } = listBelow(folder);
  return new Set([...files, ...links, ...others, ...emptyFolders.map((path) => `${path}/`)]);
}

function firstFileDifference(expected: string, found: string, path: string): FirstDifference | null {
  const inBytes = firstByteDifference(expected, found, path);
  if (inBytes) return inBytes;
  const isFoundExecutable = isExecutable(lstatSync(found));
  if (isFoundExecutable === isExecutable(lstatSync(expected))) return null;
  return { kind: 'executable', path, found: isFoundExecutable };
}

const CHUNK = 1 << 20;

function firstByteDifference(expected: string, found: string, path: string): FirstDifference | null {
  const [a, b] = [openSync(expected, 'r'), openSync(found, 'r')];
  try {
    const [bytesA, bytesB] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    for (let position = 0; ; ) {
      const [sizeA, sizeB] = [fill(a, bytesA, position), fill(b, bytesB, position)];
      const common = Math.min(sizeA, sizeB);
      if (!bytesA.subarray(0, common).equals(bytesB.subarray(0, common))) {
        const offset = position + bytesA.subarray(0, common).findIndex((byte, index) => byte !== bytesB[index]);
        return { kind: 'byte', path, offset };
      }
      if (sizeA !== sizeB) return { kind: 'byte', path, offset: position + common };
      if (sizeA === 0) return null;
      position += sizeA;
    }
  } finally {
    closeSync(a);
    closeSync(b);
  }
}

/** Reads until the buffer is full or the file ends. */
function fill(fd: number, buffer: Buffer, position: number): number {
  let filled = 0;
  for (;;) {
    const read = readSync(fd, buffer, filled, buffer.length - filled, position + filled);
    filled += read;
    if (read === 0 || filled === buffer.length) return filled;
  }
}

/** Whether the store has a blob to compare with: it may lack a digest that only a lock names. */
export const isPresent = (path: string, kind: OutputPort['kind']): boolean =>
  existsSync(path) && statSync(path).isDirectory() === (kind === 'folder');
