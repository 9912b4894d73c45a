/**
 * The document as a tree whose every node knows where it was written. Nodes are shared and never changed,
 * so that a profile or an option can put nodes of another source into the tree.
 */

import type { Range, Source } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';

export type Node = ScalarNode | ListNode | MapNode;

interface ScalarNode {
  readonly kind: 'scalar';
  readonly range: Range;
  readonly value: null | boolean | number | string;
}

export interface TextNode extends ScalarNode {
  readonly value: string;
}

interface ListNode {
  readonly kind: 'list';
  readonly range: Range;
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly range: Range;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A name with its value. */
export interface Entry {
  /** Where the name was written. */
  readonly key: Range;
  readonly value: Node;
}

export const rangeIn = (source: Source, start: number, end: number): Range => ({ source, start, end });

export const isText = (node: Node | undefined): node is TextNode =>
  node?.kind === 'scalar' && typeof node.value === 'string';

export const numberIn = (node: Node | undefined): number | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;

export const isMap = (node: Node | undefined): node is MapNode => node?.kind === 'map';

/** The entries of a map, or nothing where the document has something else (reported as a mistake of form). */
export const entriesOf = (node: Node | undefined): ReadonlyMap<string, Entry> =>
  node?.kind === 'map' ? node.entries : new Map();

/** The map with one entry added or replaced. */
export const withEntry = (map: MapNode, name: string, entry: Entry): MapNode => ({
  ...map,
  entries: new Map(map.entries).set(name, entry),
});

/** The value alone. `__proto__` never is a name here: the reader refuses it. */
export function toJson(node: Node): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map': {
      const object: { [name: string]: Json } = {};
      for (const [name, entry] of node.entries) object[name] = toJson(entry.value);
      return object;
    }
  }
}

/** All texts in a value, however deep. */
export function* textsIn(node: Node): Generator<TextNode> {
  if (isText(node)) yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* textsIn(item);
  else if (node.kind === 'map') for (const entry of node.entries.values()) yield* textsIn(entry.value);
}

/**
 * Where a part of a text was written. Quotes, escapes and block indentation shift it, so it is looked for
 * by its content: the same occurrence in the source as in the value, or the whole text if that fails.
 */
export function partOf(node: TextNode, index: number, length: number): Range {
  const { source, start, end } = node.range;
  const written = source.text.slice(start, end);
  const part = node.value.slice(index, index + length);
  const inValue = occurrences(node.value, part);
  const inSource = occurrences(written, part);
  const at = inSource[inValue.indexOf(index)];
  if (at === undefined || inValue.length !== inSource.length) return node.range;
  return rangeIn(source, start + at, start + at + length);
}

function occurrences(text: string, part: string): readonly number[] {
  const found: number[] = [];
  if (part === '') return found;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}
