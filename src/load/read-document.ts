/** Reads a pipeline's file with all files that it includes, as a single document. */

import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Diagnostic, Source } from '../base/diagnostic.ts';
import { errorCode } from '../base/error-code.ts';
import { includesOf, isRelative, relocated, withIncluded } from '../pipeline/check/include.ts';
import { MOST_ALIASED } from '../pipeline/text/build-tree.ts';
import { type ReadYaml, readYaml } from '../pipeline/text/document.ts';
import { isMap, type MapNode, type TextNode } from '../pipeline/text/node.ts';
import { suggestion } from '../pipeline/text/suggestion.ts';
import type { FileDigest, FileMemo } from '../store/file-memo.ts';
import { MOST_BYTES, readUnchanged } from './read-unchanged.ts';
import { isFile, NO_TRAIL, openTracker, type Tracker, type Trail } from './trail.ts';

const MOST_DEPTH = 30;

export interface ReadDocument {
  /** Null if any file is missing or could not be read: then `diagnostics` has the reasons. */
  readonly node: ReadYaml['node'];
  readonly diagnostics: readonly Diagnostic[];
  /** The included files by path. */
  readonly included: ReadonlyMap<string, FileDigest>;
  /** Every package.json that decided which file is included. */
  readonly manifests: readonly string[];
  /** How files of packages were found; undefined if the trail proves nothing. */
  readonly trail: Trail | undefined;
}

export interface PipelineText {
  /** The pipeline's file. */
  readonly path: string;
  /** The pipeline's folder, symbolic links resolved. */
  readonly folder: string;
  readonly source: Source;
}

interface IncludingFile {
  readonly path: string;
  /** Identifies the file: symbolic links resolved. */
  readonly real: string;
  readonly document: MapNode;
}

/** An `include` on the way from the pipeline to a file. */
interface Link {
  readonly file: IncludingFile;
  readonly include: TextNode;
}

interface Reading {
  readonly folder: string;
  readonly memo: FileMemo;
  readonly tracker: Tracker;
  readonly diagnostics: Diagnostic[];
  readonly included: Map<string, FileDigest>;
  /** Documents by path, with all that they include; null if any file could not be read. */
  readonly documents: Map<string, MapNode | null>;
  /** Of all files so far. */
  bytes: number;
  aliased: number;
}

export async function readDocument({ path, folder, source }: PipelineText, memo: FileMemo): Promise<ReadDocument> {
  const { node, aliased, diagnostics } = readYaml(source);
  if (!isMap(node) || !node.entries.has('include')) {
    return { node, diagnostics, included: new Map(), manifests: [], trail: NO_TRAIL };
  }
  const reading: Reading = {
    folder,
    memo,
    tracker: openTracker(BigInt(Date.now()) * 1_000_000n),
    diagnostics: [...diagnostics],
    included: new Map(),
    documents: new Map(),
    bytes: Buffer.byteLength(source.text),
    aliased,
  };
  const file = { path: join(folder, basename(path)), real: realpathSync(path), document: node };
  const document = await completed(reading, file, []);
  const { included, tracker } = reading;
  return {
    node: document,
    diagnostics: reading.diagnostics,
    included,
    manifests: [...tracker.manifests],
    trail: tracker.trail(),
  };
}

/** Returns a document with all that it includes; null if any included file could not be read. */
async function completed(reading: Reading, file: IncludingFile, links: readonly Link[]): Promise<MapNode | null> {
  const { files, diagnostics } = includesOf(file.document);
  reading.diagnostics.push(...diagnostics);
  const documents: (MapNode | null)[] = [];
  for (const include of files) documents.push(await includedDocument(reading, [...links, { file, include }]));
  const complete = documents.filter((document) => document !== null);
  if (complete.length < documents.length || diagnostics.length > 0) return null;
  const folder = relative(reading.folder, dirname(file.path)).replaceAll(sep, '/');
  return withIncluded(relocated(file.document, folder), complete);
}

/** Reads the file that the last link includes. */
async function includedDocument(reading: Reading, links: readonly Link[]): Promise<MapNode | null> {
  const { file, include } = links.at(-1) as Link;
  const path = isRelative(include.value)
    ? resolve(dirname(file.path), include.value)
    : await packageFile(reading, file, include);
  if (path === undefined) return null;
  const known = reading.documents.get(path);
  if (known !== undefined) return known;
  try {
    const read = await readIncluded(reading, path, links);
    reading.documents.set(path, read);
    return read;
  } catch (error) {
    const reason = UNREADABLE[errorCode(error)];
    if (reason === undefined) throw error;
    return refuse(reading, include, `'${include.value}' cannot be read: ${reason}`);
  }
}

const UNREADABLE: { readonly [code: string]: string } = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

/** Reports an `include` that leads to no document. */
function refuse(reading: Reading, { range }: TextNode, message: string, more: Partial<Diagnostic> = {}): null {
  reading.diagnostics.push({ range, message, ...more });
  return null;
}

async function readIncluded(reading: Reading, path: string, links: readonly Link[]): Promise<MapNode | null> {
  const { include } = links.at(-1) as Link;
  const found = statIfPresent(path);
  if (!found) return refuse(reading, include, `there is no file '${include.value}'`, nearestFile(include.value, path));
  if (found.isDirectory()) return refuse(reading, include, `'${include.value}' is a folder, not a file`);
  if (!found.isFile()) return refuse(reading, include, `'${include.value}' is not a plain file`);
  const real = realpathSync(path);
  const start = links.findIndex(({ file }) => file.real === real);
  if (start !== -1) return refuseCircle(reading, links.slice(start), path);
  if (links.length > MOST_DEPTH) {
    return refuse(reading, include, `files include files more than ${MOST_DEPTH} levels deep here`);
  }
  if (reading.bytes > MOST_BYTES) return null; // reported already
  reading.bytes += found.size;
  if (reading.bytes > MOST_BYTES) {
    const message = `with '${include.value}' the pipeline has more than ${MOST_BYTES / 1_000_000} MB`;
    return refuse(reading, include, message, { hint: 'keep data in separate files, and name those in the pipeline' });
  }
  const read = await readUnchanged(path, reading.memo);
  if (!read) return refuse(reading, include, `there is no file '${include.value}'`);
  reading.included.set(path, read.known);
  const document = documentIn(reading, { name: nameOf(reading, path), text: read.text }, include);
  return document && completed(reading, { path, real, document }, links);
}

/** Reads the text of an included file; null if it is not a map. */
function documentIn(reading: Reading, source: Source, include: TextNode): MapNode | null {
  const { node, aliased, diagnostics } = readYaml(source);
  reading.diagnostics.push(...diagnostics);
  if (node === null && diagnostics.length > 0) return null;
  if (reading.aliased > MOST_ALIASED) return null; // reported already
  reading.aliased += aliased;
  // Aliases that are too much for a single document are among its own mistakes.
  if (reading.aliased > MOST_ALIASED && aliased <= MOST_ALIASED) {
    const hint = { hint: 'write values out, or use fewer aliases' };
    return refuse(reading, include, `with '${include.value}' the aliases of all files stand for too much`, hint);
  }
  if (isMap(node)) return node;
  const range = node === null ? { source, start: 0, end: 0 } : { ...node.range, end: node.range.start + 1 };
  const message = node === null ? 'the included file is empty' : 'the included file holds no map of names and values';
  reading.diagnostics.push({ range, message, hint: "it needs fields of a pipeline, such as 'steps'" });
  return null;
}

/** The name shown to the user: the path from the pipeline's folder on. */
function nameOf({ folder }: Reading, path: string): string {
  const name = relative(folder, path).replaceAll(sep, '/');
  // A source with a name like `--set` is an option.
  return name.startsWith('--') ? `./${name}` : name;
}

function refuseCircle(reading: Reading, links: readonly Link[], path: string): null {
  const names = [...links.map(({ file }) => nameOf(reading, file.path)), nameOf(reading, path)];
  const related = links
    .slice(0, -1)
    .map(({ include }) => ({ range: include.range, message: `'${include.value}' is included here` }));
  const { include } = links.at(-1) as Link;
  return refuse(reading, include, `the files include each other in a circle: ${names.join(' -> ')}`, {
    hint: 'move the parts that both files need into a third file',
    ...(related.length === 0 ? {} : { related }),
  });
}

async function packageFile(reading: Reading, file: IncludingFile, include: TextNode): Promise<string | undefined> {
  const { findPackageFile } = await import('./package-file.ts');
  const from = dirname(file.path);
  const name = include.value;
  const found = await findPackageFile(reading.tracker, from, name);
  if (found !== undefined) return found;
  const hint = isFile(resolve(from, name))
    ? { hint: `for a file of this project write ./${name}` }
    : nearestInPackage(from, name);
  refuse(reading, include, `the installed packages have no file '${name}'`, hint);
  return undefined;
}

/** Suggests files of the folder, written as the wrong name is. */
function nearestFile(name: string, path: string): { readonly hint?: string } {
  const folder = dirname(path);
  const start = name.slice(0, Math.max(name.lastIndexOf('/') + 1, 0));
  if (statIfPresent(folder)?.isDirectory() !== true) return { hint: `there is no folder '${start}'` };
  const names = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  return suggestion(
    name,
    names.sort().map((file) => `${start}${file}`),
    'files there',
  );
}

function nearestInPackage(from: string, name: string): { readonly hint?: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (statIfPresent(dirname(path))?.isDirectory() === true && name.includes('/')) return nearestFile(name, path);
    if (folder === dirname(folder)) return { hint: `for a file of this project write ./${name}` };
  }
}

function statIfPresent(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A file is in place of a folder.
    if (errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
