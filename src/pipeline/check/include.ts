/** Reads `include:` of a document, and lays a document over the documents that it includes. */
import { pipelineSchema } from '../../../schemas/pipeline.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { mergeDocument } from '../text/merge-patch.ts';
import { entriesOf, isMap, isText, type MapNode, type Node, type TextNode, withEntry } from '../text/node.ts';

export interface Includes {
  /** In the order in which they are laid over each other. */
  readonly files: readonly TextNode[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Lists the files that a document includes; reports values that cannot name a file. */
export function includesOf(document: MapNode): Includes {
  const include = document.entries.get('include');
  if (include === undefined) return { files: [], diagnostics: [] };
  const { key, value } = include;
  const items = value.kind === 'list' ? value.items : [value];
  const files = items.filter(isText).filter((item) => wordingMistake(item.value) === null);
  const diagnostics = items.flatMap((item): readonly Diagnostic[] => {
    const range = item.kind !== 'scalar' && item === value ? key : item.range;
    if (!isText(item)) return [{ range, message: pipelineSchema.properties.include.errorMessage }];
    const mistake = wordingMistake(item.value);
    return mistake === null ? [] : [{ range, ...mistake }];
  });
  return { files, diagnostics };
}

/** Whether a path is a relative path; any other name is a file of an npm package. */
export const isRelative = (path: string): boolean => /^\.{1,2}(?:\/|$)/.test(path);

function wordingMistake(path: string): { readonly message: string; readonly hint?: string } | null {
  if (path === '') return { message: pipelineSchema.properties.include.errorMessage };
  if (/\p{Cc}/u.test(path)) return { message: 'the path holds a control character', hint: 'remove it' };
  if (!path.isWellFormed()) return { message: 'the path holds half a character', hint: 'write the whole character' };
  if (/^\w[\w+.-]+:\/\//.test(path)) {
    return { message: 'a file is wanted, not an address', hint: 'download it, and include the file' };
  }
  if (path.includes('\\')) return { message: 'the path holds a backslash', hint: "separate folders by '/'" };
  if (!/^(?:\/|~|[A-Za-z]:)/.test(path)) return null;
  return { message: 'an included path is relative', hint: 'write it from the folder of this file on: ./common.yaml' };
}

/**
 * Lays a document over the documents that it includes, of which a later one is laid over an earlier one. The document's
 * own `include` comes first, so that mistakes of the whole pipeline point into the document.
 */
export function withIncluded(document: MapNode, included: readonly MapNode[]): MapNode {
  const merged = [...included, document].reduce(mergeDocument);
  const include = document.entries.get('include');
  if (include === undefined) return merged;
  return { ...merged, entries: new Map([['include', include], ...merged.entries]).set('include', include) };
}

/**
 * Makes the paths of a document relative to the pipeline's folder.
 * @param folder of the document, relative to the pipeline's folder: `''`, `shared`, or `../shared`.
 */
export function relocated(document: MapNode, folder: string): MapNode {
  if (folder === '') return document;
  const moved = withEach(document, 'steps', (step) => relocatedStep(step, folder));
  return withEach(moved, 'profiles', (profile) => (isMap(profile) ? relocated(profile, folder) : profile));
}

function relocatedStep(step: Node, folder: string): Node {
  if (!isMap(step)) return step;
  const moved = withEach(step, 'inputs', (input) => (isMap(input) ? relocatedInput(input, folder) : input));
  return withPath(moved, 'uses', (uses) => {
    if (!isRelative(uses)) return uses;
    const path = pathFrom(folder, uses);
    return isRelative(path) ? path : `./${path}`;
  });
}

function relocatedInput(input: MapNode, folder: string): MapNode {
  const from = (path: string) => pathFrom(folder, path);
  const moved = ['file', 'files', 'except'].reduce((map, field) => withPath(map, field, from), input);
  const except = moved.entries.get('except');
  if (except?.value.kind !== 'list') return moved;
  const items = except.value.items.map((item) => (isText(item) ? { ...item, value: from(item.value) } : item));
  return withEntry(moved, 'except', { ...except, value: { ...except.value, items } });
}

/** Changes every value of a map that is a field of another map. */
function withEach(map: MapNode, field: string, change: (value: Node) => Node): MapNode {
  const entry = map.entries.get(field);
  if (!isMap(entry?.value)) return map;
  const entries = new Map(
    [...entriesOf(entry.value)].map(([name, { key, value }]) => [name, { key, value: change(value) }] as const),
  );
  return withEntry(map, field, { ...entry, value: { ...entry.value, entries } });
}

function withPath(map: MapNode, field: string, change: (path: string) => string): MapNode {
  const entry = map.entries.get(field);
  if (!isText(entry?.value)) return map;
  return withEntry(map, field, { ...entry, value: { ...entry.value, value: change(entry.value.value) } });
}

/** Joins a folder and a path in it; a path of a wrong form stays as it is, and is reported as written. */
function pathFrom(folder: string, path: string): string {
  if (path === '' || path.includes('\\') || /^(?:\/|~|[A-Za-z]:|\w[\w+.-]+:\/\/)/.test(path)) return path;
  const folders = folder.split('/');
  let rest = path;
  for (;;) {
    const [start] = /^\.{1,2}(?:\/+|$)/.exec(rest) ?? [];
    if (start === undefined) break;
    rest = rest.slice(start.length);
    if (!start.startsWith('..')) continue;
    if (folders.length === 0 || folders.at(-1) === '..') folders.push('..');
    else folders.pop();
  }
  return [...folders, rest].filter((part) => part !== '').join('/') || '.';
}
