/**
 * A result as a remote cache keeps it, as text. What comes from there may be anything: it is read against what the
 * action declares, and nothing that was not looked at goes on.
 */

import type { BlobFile } from '../cache/blob.ts';
import { type Digest, digestOfPairs } from '../cache/digest.ts';
import { isInside } from '../cache/inside.ts';
import type { Key, Preimage } from '../cache/key.ts';
import type { Headline, LogLine, StoredOutput, StoredResult } from '../cache/stored-result.ts';
import { err, ok, type Result } from '../result.ts';
import type { OutputPort } from '../task/ports.ts';
import type { Content } from './remote-cache.ts';

/** What is asked for. The preimage is the asker's own: the key says that the maker's was the same. */
export interface Asked {
  readonly key: Key;
  readonly preimage: Preimage;
}

type RemoteFile = Omit<BlobFile, 'signature'>;
export interface RemoteOutput extends Pick<StoredOutput, 'kind' | 'digest' | 'extension'> {
  readonly files: readonly RemoteFile[];
  readonly siblings: readonly (Content & { readonly extension: string })[];
}
export interface RemoteResult extends Omit<StoredResult, 'outputs' | 'preimage'> {
  readonly outputs: { readonly [port: string]: RemoteOutput | null };
}

const FORMAT = 1;

export function recordText({ preimage: _, ...result }: StoredResult): string {
  const outputs = Object.entries(result.outputs).map(([port, output]) => [port, output && plainOutput(output)]);
  return JSON.stringify({ format: FORMAT, ...result, outputs: Object.fromEntries(outputs) });
}

const plainOutput = ({ kind, digest, extension, files, siblings }: StoredOutput): RemoteOutput => ({
  kind,
  digest,
  extension,
  files: files.map(({ path, digest: own, size }) => ({ path, digest: own, size })),
  siblings: siblings.map((one) => ({ extension: one.extension, digest: one.digest, size: one.file.size })),
});

/** What the text holds beyond doubt, or what is wrong with it. */
export function readRecordText(text: string, { key, preimage }: Asked): Result<RemoteResult, string> {
  try {
    const record = object(JSON.parse(text), 'the record');
    expect(record.format === FORMAT, `its format is not ${FORMAT}`);
    expect(record.key === key, 'it is of another key');
    const outputs = object(record.outputs, 'outputs');
    const declared = Object.entries(preimage.outputs);
    expect(Object.keys(outputs).length === declared.length, 'its outputs are not those that are declared');
    return ok({
      key,
      outputs: Object.fromEntries(declared.map(([port, own]) => [port, readOutput(outputs[port], port, own)])),
      headline: readHeadline(record.headline, preimage.outputs),
      log: list(record.log, 'log').map(readLogLine),
      action: string(record.action, 'action'),
      started: readTime(record.started),
      milliseconds: count(record.milliseconds, 'milliseconds'),
      ...(record.peakMemory === undefined ? {} : { peakMemory: count(record.peakMemory, 'peakMemory') }),
    });
  } catch (error) {
    if (error instanceof Unexpected || error instanceof SyntaxError) return err(error.message);
    throw error;
  }
}

function readOutput(value: unknown, port: string, declared: OutputPort): RemoteOutput | null {
  if (value === null && 'optional' in declared && declared.optional) return null;
  const output = object(value, port);
  const { kind, extension, siblings: expected } = formOf(declared);
  expect(output.kind === kind && output.extension === extension, `${port} is not a ${kind} '${extension}'`);
  const digest = readDigest(output.digest, port);
  const files = list(output.files, port).map((one) => readFile(one, port));
  const siblings = list(output.siblings, port).map((one) => {
    const sibling = object(one, port);
    return { extension: string(sibling.extension, port), ...readContent(sibling, port) };
  });
  expect(siblings.map((one) => one.extension).join() === expected.join(), `beside ${port} stands something else`);
  if (kind === 'folder') {
    expect(new Set(files.map(({ path }) => path)).size === files.length, `${port} has a file twice`);
    expect(
      files.every(({ path }) => isPlain(path)),
      `${port} has a file that is not inside it`,
    );
    expect(digestOfPairs(files) === digest, `the files of ${port} do not have its digest`);
  } else {
    expect(files.length === 1 && files[0]?.path === '' && files[0].digest === digest, `${port} is not one file`);
  }
  return { kind, digest, extension, files, siblings };
}

/** What the engine makes of a declared output. */
function formOf(declared: OutputPort): Pick<StoredOutput, 'kind' | 'extension'> & { readonly siblings: string[] } {
  switch (declared.kind) {
    case 'file':
      return { kind: 'file', extension: declared.extension ?? '', siblings: [] };
    case 'folder':
      return { kind: 'folder', extension: '', siblings: [] };
    case 'table':
      return { kind: 'file', extension: '.arrow', siblings: declared.csv ? ['.csv'] : [] };
    case 'figure':
      return { kind: 'file', extension: '.svg', siblings: ['.png'] };
  }
}

function readHeadline(value: unknown, declared: Preimage['outputs']): Headline | null {
  if (value === null) return null;
  const headline = object(value, 'headline');
  const port = string(headline.port, 'headline');
  const own = Object.hasOwn(declared, port) ? declared[port] : undefined;
  expect(own?.kind === 'table' && own.headline === headline.column, 'its headline is not the one that is declared');
  const known = own?.kind === 'table' ? own.table.columns : {};
  const texts = (value: unknown) => list(value, 'headline').map((one) => string(one, 'headline'));
  const columns = texts(headline.columns);
  expect(
    columns.every((column) => Object.hasOwn(known, column)),
    'its headline has a column that is not declared',
  );
  const rows = list(headline.rows, 'headline').map(texts);
  expect(
    rows.every(({ length }) => length === columns.length),
    'a row of its headline has other columns',
  );
  return { port, column: string(headline.column, 'headline'), columns, rows };
}

const LEVELS: { readonly [level in LogLine['level']]: true } = { info: true, notice: true, warning: true };

function readLogLine(value: unknown): LogLine {
  const { level, message } = object(value, 'log');
  expect(typeof level === 'string' && Object.hasOwn(LEVELS, level), 'a line of its log has no level');
  return { level: level as LogLine['level'], message: string(message, 'log') };
}

function readTime(value: unknown): string {
  expect(typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value), 'started is no time');
  return value as string;
}

function readFile(value: unknown, port: string): RemoteFile {
  const file = object(value, port);
  return { path: string(file.path, port), ...readContent(file, port) };
}

function readContent({ digest, size }: Readonly<Record<string, unknown>>, port: string): Content {
  return { digest: readDigest(digest, port), size: count(size, port) };
}

const isPlain = (path: string): boolean =>
  isInside(path) && !path.includes('\0') && path.split('/').every((name) => name !== '' && name !== '.');

class Unexpected extends Error {}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Unexpected(otherwise);
}

function readDigest(value: unknown, what: string): Digest {
  expect(typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), `${what} has no digest`);
  return value as Digest;
}

function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, what: string): readonly unknown[] {
  expect(Array.isArray(value), `${what} is no list`);
  return value as readonly unknown[];
}

function string(value: unknown, what: string): string {
  expect(typeof value === 'string', `${what} is no text`);
  return value as string;
}

/** 0 or more, and no more than can be counted exactly. */
function count(value: unknown, what: string): number {
  expect(typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER, `${what} is no count`);
  return value as number;
}
