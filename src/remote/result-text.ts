import { err, ok, type Result } from '../base/result.ts';
import type { BlobFile } from '../store/blob.ts';
import type { Key, Preimage } from '../store/key.ts';
import type { Headline, LogLine, StoredOutput, StoredResult } from '../store/result.ts';
import { digestOfTree, treeFile } from '../store/tree.ts';
import type { OutputPort } from '../task/ports.ts';
import { namesProblem } from './folder-names.ts';
import { isJsonBounded } from './json-bounds.ts';
import { count, duration, expect, list, object, readDigest, shownText, text, time, Unexpected } from './read-value.ts';
import type { Content } from './remote-cache.ts';

/**
 * The record of a result in a remote cache, as JSON. A record from elsewhere may hold anything: it is read against the
 * declarations of the action, every value has bounds, and unknown values are dropped.
 */

/** `preimage` is this side's; an equal key means that the maker's was the same. */
export interface WantedResult {
  readonly key: Key;
  readonly preimage: Preimage;
}

type RemoteFile = Omit<BlobFile, 'signature'>;
export interface RemoteOutput extends Pick<StoredOutput, 'kind' | 'digest' | 'extension'> {
  readonly files: readonly RemoteFile[];
  /** Present only if a folder has some. */
  readonly emptyFolders?: readonly string[];
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

const plainOutput = ({ kind, digest, extension, files, emptyFolders = [], siblings }: StoredOutput): RemoteOutput => ({
  kind,
  digest,
  extension,
  files: files.map(({ path, digest: ofFile, executable, size }) => ({
    ...treeFile({ path, digest: ofFile, executable: executable === true }),
    size,
  })),
  ...(emptyFolders.length > 0 && { emptyFolders }),
  siblings: siblings.map(({ extension, digest, file }) => ({ extension, digest, size: file.size })),
});

/** The length of an action's log (`execute/action-log.ts`); the rest is cut off. */
const MOST_LOG_LINES = 3000;
const MOST_MESSAGE = 4004;
const MOST_ROWS = 1000;
/** Characters of all cells together; a terminal shows some hundred. */
const MOST_HEADLINE = 1_000_000;
const MOST_MEMORY = 2 ** 50;

/** `step` or `step@recording`. It is shown, so it may hold only the characters of names. */
const ACTION = /^[A-Za-z0-9][\w.-]{0,99}(@[A-Za-z0-9][\w.-]{0,99})?$/;

/** Reads a record. The error tells the first thing that is wrong with it. */
export function readRecord(bytes: Uint8Array, { key, preimage }: WantedResult): Result<RemoteResult, string> {
  if (!isJsonBounded(bytes)) return err('it is nested deeper, or holds more, than any result');
  try {
    const record = object(parse(bytes), 'the record');
    expect(record.format === FORMAT, `its format is not ${FORMAT}`);
    expect(record.key === key, 'it is of another key');
    const outputs = object(record.outputs, 'outputs');
    const declared = Object.entries(preimage.outputs);
    expect(Object.keys(outputs).length === declared.length, 'its outputs are not those that are declared');
    return ok({
      key,
      outputs: Object.fromEntries(declared.map(([port, output]) => [port, readOutput(outputs[port], port, output)])),
      headline: readHeadline(record.headline, preimage.outputs),
      log: list(record.log, 'log').slice(0, MOST_LOG_LINES).map(readLogLine),
      action: readAction(record.action),
      started: time(record.started, 'started'),
      milliseconds: duration(record.milliseconds, 'milliseconds'),
      ...(record.peakMemory === undefined ? {} : { peakMemory: count(record.peakMemory, 'peakMemory', MOST_MEMORY) }),
    });
  } catch (error) {
    if (error instanceof Unexpected) return err(error.message);
    throw error;
  }
}

/** Drops the parser's message, which repeats some of the text. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new Unexpected('it is not JSON');
  }
}

function readOutput(value: unknown, port: string, declared: OutputPort): RemoteOutput | null {
  if (value === null && 'optional' in declared && declared.optional) return null;
  const output = object(value, port);
  const { kind, extension, siblings: expected } = formOf(declared);
  expect(output.kind === kind && output.extension === extension, `${port} is not a ${kind} '${extension}'`);
  const digest = readDigest(output.digest, port);
  const files = list(output.files, port).map((file) => readFile(file, port));
  const emptyFolders = list(output.emptyFolders ?? [], port).map((path) => text(path, port));
  const siblings = list(output.siblings, port).map((value) => {
    const sibling = object(value, port);
    return { extension: text(sibling.extension, port), ...readContent(sibling, port) };
  });
  expect(
    siblings.map(({ extension }) => extension).join() === expected.join(),
    `${port} has other siblings than declared`,
  );
  if (kind === 'folder') {
    const problem = namesProblem([...files.map(({ path }) => path), ...emptyFolders]);
    expect(problem === undefined, `${port} has ${problem}`);
  } else {
    expect(files.length === 1 && files[0]?.path === '' && emptyFolders.length === 0, `${port} is not one file`);
  }
  expect(digestOfTree({ files, emptyFolders }) === digest, `the content of ${port} does not have its digest`);
  return { kind, digest, extension, files, ...(emptyFolders.length > 0 && { emptyFolders }), siblings };
}

/** The form in which the engine stores a declared output. */
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
  const port = text(headline.port, 'headline');
  const output = Object.hasOwn(declared, port) ? declared[port] : undefined;
  expect(output?.kind === 'table' && output.headline === headline.column, 'its headline is not as declared');
  const known = output?.kind === 'table' ? output.table.columns : {};
  const texts = (value: unknown) => list(value, 'headline').map((cell) => shownText(cell, 'headline'));
  const columns = texts(headline.columns);
  expect(
    columns.every((column) => Object.hasOwn(known, column)),
    'its headline has a column that is not declared',
  );
  const rows = list(headline.rows, 'headline', MOST_ROWS).map(texts);
  const length = [columns, ...rows].flat().reduce((sum, cell) => sum + cell.length, 0);
  expect(length <= MOST_HEADLINE, `its headline has more than ${MOST_HEADLINE} characters`);
  expect(
    rows.every(({ length }) => length === columns.length),
    'a row of its headline has other columns',
  );
  return { port, column: text(headline.column, 'headline'), columns, rows };
}

function readAction(value: unknown): string {
  const action = text(value, 'action');
  expect(ACTION.test(action), 'action is not the name of an action');
  return action;
}

const LEVELS: { readonly [level in LogLine['level']]: true } = { info: true, notice: true, warning: true };

function readLogLine(value: unknown): LogLine {
  const { level, message } = object(value, 'log');
  expect(typeof level === 'string' && Object.hasOwn(LEVELS, level), 'a line of its log has no level');
  return { level: level as LogLine['level'], message: shownText(message, 'log').slice(0, MOST_MESSAGE) };
}

function readFile(value: unknown, port: string): RemoteFile {
  const file = object(value, port);
  const { executable = false } = file;
  expect(executable === false || executable === true, `${port} has a file that is neither executable nor not`);
  const { digest, size } = readContent(file, port);
  return { ...treeFile({ path: text(file.path, port), digest, executable: executable === true }), size };
}

function readContent({ digest, size }: Readonly<Record<string, unknown>>, port: string): Content {
  return { digest: readDigest(digest, port), size: count(size, port) };
}
