/** Where two outputs differ first: of tables the row and the column, of other files the byte. */
import { closeSync, existsSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listBelow } from '../files/list-folder.ts';
import { isExecutable } from '../files/signature.ts';
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
  /** `offset` counts from 0; it is the shorter one's size where one is the other's beginning. */
  | { readonly kind: 'byte'; readonly path: string; readonly offset: number }
  /** Equal bytes, of which only one may be executed: the one that was found, or the expected one. */
  | { readonly kind: 'executable'; readonly path: string; readonly found: boolean }
  /** Of folders: a file that only one of them has, or an empty folder, whose path ends in `/`. */
  | { readonly kind: 'only-expected' | 'only-found'; readonly path: string };

/** Null when the contents are equal. */
export async function firstDifference(
  port: OutputPort,
  expected: string,
  found: string,
): Promise<FirstDifference | null> {
  if (port.kind === 'folder') return firstFolderDifference(expected, found);
  const inTable = port.kind === 'table' ? await firstTableDifference(port.table, expected, found) : null;
  return inTable ?? firstFileDifference(expected, found, '');
}

/** Null as well where a table is none of this schema, or differs in what is no value. */
async function firstTableDifference(
  schema: TableSchema,
  expected: string,
  found: string,
): Promise<FirstDifference | null> {
  const [was, is] = await Promise.all([readTable(expected, schema), readTable(found, schema)]);
  if (!was.ok || !is.ok) return null;
  let first: Extract<FirstDifference, { kind: 'value' }> | null = null;
  let [rowsBefore, rowsNow] = [0, 0];
  for (const column of Object.keys(schema.columns)) {
    const a = was.value[column] as ArrayLike<unknown>;
    const b = is.value[column] as ArrayLike<unknown>;
    [rowsBefore, rowsNow] = [a.length, b.length];
    // Only rows above the first difference so far: the first row counts, then the first column.
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

const valueText = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value);

function firstFolderDifference(expected: string, found: string): FirstDifference | null {
  const [was, is] = [entriesBelow(expected), entriesBelow(found)];
  for (const path of [...new Set([...was, ...is])].sort()) {
    if (!is.has(path)) return { kind: 'only-expected', path };
    if (!was.has(path)) return { kind: 'only-found', path };
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
  const [was, is] = [isExecutable(lstatSync(expected)), isExecutable(lstatSync(found))];
  return was === is ? null : { kind: 'executable', path, found: is };
}

const CHUNK = 1 << 20;

function firstByteDifference(expected: string, found: string, path: string): FirstDifference | null {
  const [a, b] = [openSync(expected, 'r'), openSync(found, 'r')];
  try {
    const [was, is] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    for (let at = 0; ; ) {
      const [m, n] = [fill(a, was, at), fill(b, is, at)];
      const common = Math.min(m, n);
      if (!was.subarray(0, common).equals(is.subarray(0, common))) {
        const offset = at + was.subarray(0, common).findIndex((byte, index) => byte !== is[index]);
        return { kind: 'byte', path, offset };
      }
      if (m !== n) return { kind: 'byte', path, offset: at + common };
      if (m === 0) return null;
      at += m;
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

/** Whether a blob is there to compare with; of a digest that only a lock names it may not be. */
export const isPresent = (path: string, kind: OutputPort['kind']): boolean =>
  existsSync(path) && statSync(path).isDirectory() === (kind === 'folder');
