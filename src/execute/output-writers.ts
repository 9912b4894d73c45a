/** Makes the outputs that a task's `run` writes to, and collects the written files. Runs in the worker. */
import { closeSync, fdatasync, fstatSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Spec } from 'vega';
import { digestOf, endDigest, startDigest } from '../files/digest.ts';
import { blobSignature } from '../files/signature.ts';
import type { Headline } from '../store/result.ts';
import { encodeCsv } from '../task/csv.ts';
import type { FigureOutput, FileOutput, FolderOutput, TableOutput } from '../task/define.ts';
import type { FigurePort, FilePort, FolderPort, OutputPort, TablePort } from '../task/ports.ts';
import { encodeTable } from '../task/table-file.ts';
import { describeTableProblem } from '../task/table-problem.ts';
import type { TableSchema, WritableColumns } from '../task/table-schema.ts';
import { headlineOf } from './headline.ts';
import type { OutputFile, TaskOutput } from './job.ts';
import { OutputInvalid, placeCheck, takeFile, takeFolder } from './take-output.ts';

export interface OutputWriter {
  /** The object that `run` gets. */
  readonly handle: FileOutput | FolderOutput | FigureOutput | TableOutput<TableSchema>;
  /** Call it after `run`: returns the output, or null if nothing was written. */
  finish(): TaskOutput | null;
  headline?(): Headline | null;
}

export function outputWriter(port: string, declared: OutputPort, scratch: string): OutputWriter {
  const requireSamePlace = placeCheck(port, scratch);
  const writer = writerFor(port, declared, scratch);
  return {
    ...writer,
    finish() {
      requireSamePlace();
      return writer.finish();
    },
  };
}

function writerFor(port: string, declared: OutputPort, scratch: string): OutputWriter {
  switch (declared.kind) {
    case 'file':
      return fileWriter(port, declared, scratch);
    case 'folder':
      return folderWriter(port, declared, scratch);
    case 'table':
      return tableWriter(port, declared, scratch);
    case 'figure':
      return figureWriter(port, declared, scratch);
  }
}

/** Writes bytes, and hashes them without reading them again. */
function writeHashed(path: string, bytes: Uint8Array) {
  const fd = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } finally {
    closeSync(fd);
  }
  return { path, digest: digestOf(bytes), signature: blobSignature(path) };
}

const notBytes = (given: unknown): string =>
  `write takes a Uint8Array or a Buffer, and was given ${typeof given === 'string' ? 'text: write Buffer.from(text)' : `a value of type ${typeof given}`}`;

/** Bytes that are written before the disk is told to take them. */
const FLUSH_EVERY = 256 << 20;

/** Lets the disk work while a large file is being written; the fsync at the end reports errors. */
function flushMeanwhile(path: string): void {
  const fd = openSync(path, 'r');
  fdatasync(fd, () => closeSync(fd));
}

function fileWriter(port: string, { extension = '' }: FilePort, scratch: string): OutputWriter {
  const path = join(scratch, `${port}${extension}`);
  const hashing = startDigest();
  let fd: number | undefined;
  let written = 0;
  let flushed = 0;
  return {
    handle: {
      path,
      write(bytes: Uint8Array) {
        if (!(bytes instanceof Uint8Array)) throw new OutputInvalid(port, notBytes(bytes));
        fd ??= openSync(path, 'wx');
        hashing.update(bytes);
        written += bytes.length;
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        if (written - flushed >= FLUSH_EVERY) {
          flushed = written;
          flushMeanwhile(path);
        }
      },
    },
    finish() {
      if (fd === undefined) return takeFile(port, path, extension);
      const { size, ino } = fstatSync(fd);
      // Linux reports a write error once per descriptor; `flushMeanwhile` may have consumed it, so fsync this descriptor too.
      if (flushed > 0) fsyncSync(fd);
      closeSync(fd);
      if (size !== written) throw new OutputInvalid(port, 'it was written through write and through its path');
      const made = takeFile(port, path, extension, { digest: endDigest(hashing), ino });
      if (!made) throw new OutputInvalid(port, 'it was removed after it was written');
      return made;
    },
  };
}

function folderWriter(port: string, declared: FolderPort, scratch: string): OutputWriter {
  const path = join(scratch, port);
  mkdirSync(path);
  return {
    handle: { path },
    finish() {
      const made = takeFolder(port, path);
      const isEmpty = made.files.length === 0 && made.emptyFolders.length === 0;
      return isEmpty && declared.optional ? null : made;
    },
  };
}

/** The output of a file that the engine wrote itself. */
const outputOf = (file: OutputFile, extension: string, siblings: TaskOutput['siblings']): TaskOutput => {
  const { path, digest } = file;
  return { kind: 'file', path, digest, extension, files: [{ ...file, path: '' }], emptyFolders: [], siblings };
};

/** Allows a single call of `write`, and requires that the task awaits it. */
function onlyOnce<V>(port: string, write: (value: V) => Promise<TaskOutput>) {
  let begun = false;
  let made: TaskOutput | null = null;
  return {
    async write(value: V) {
      if (begun) throw new OutputInvalid(port, 'it was written twice');
      begun = true;
      made = await write(value);
    },
    finish() {
      if (begun && made === null) throw new OutputInvalid(port, 'its write was not awaited, or failed');
      return made;
    },
  };
}

function tableWriter(port: string, declared: TablePort, scratch: string): OutputWriter {
  const path = join(scratch, `${port}.arrow`);
  let headline: Headline | null = null;
  const { write, finish } = onlyOnce(port, async (columns: WritableColumns<TableSchema>) => {
    const encoded = await encodeTable(declared.table, columns);
    if (!encoded.ok) throw new OutputInvalid(port, describeTableProblem(encoded.error));
    const written = writeHashed(path, encoded.value);
    const csv = declared.csv
      ? [
          {
            extension: '.csv',
            ...writeHashed(join(scratch, `${port}.csv`), Buffer.from(encodeCsv(declared.table, columns))),
          },
        ]
      : [];
    if (declared.headline !== undefined) headline = headlineOf(port, declared.headline, declared.table, columns);
    return outputOf(written, '.arrow', csv);
  });
  return { handle: { write }, finish, headline: () => headline };
}

function figureWriter(port: string, _declared: FigurePort, scratch: string): OutputWriter {
  const path = join(scratch, `${port}.svg`);
  const { write, finish } = onlyOnce(port, async (spec: Spec) => {
    const { renderFigure } = await import('../task/render-figure.ts');
    const rendered = await renderFigure(spec);
    if (!rendered.ok) throw new OutputInvalid(port, rendered.error.message);
    const { svg, png } = rendered.value;
    const written = writeHashed(path, Buffer.from(svg));
    const sibling = { extension: '.png', ...writeHashed(join(scratch, `${port}.png`), png) };
    return outputOf(written, '.svg', [sibling]);
  });
  return { handle: { write }, finish };
}
