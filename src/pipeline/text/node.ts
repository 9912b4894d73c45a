/**
 * The document as a tree in which every node knows its range in the source. Nodes are shared and never changed,
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

export interface Entry {
  /** The range of the name. */
  readonly key: Range;
  readonly value: Node;
}

export const rangeIn = (source: Source, start: number, end: number): Range => ({ source, start, end });

export const isText = (node: Node | undefined): node is TextNode =>
  node?.kind === 'scalar' && typeof node.value === 'string';

export const numberIn = (node: Node | undefined): number | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;

export const isTrue = (node: Node | undefined): boolean => node?.kind === 'scalar' && node.value === true;

export const isMap = (node: Node | null | undefined): node is MapNode => node?.kind === 'map';

/** The entries of a map; empty for any other node (which is reported as a mistake of form). */
export const entriesOf = (node: Node | undefined): ReadonlyMap<string, Entry> =>
  node?.kind === 'map' ? node.entries : new Map();

/** Returns the map with an entry added or replaced. */
export const withEntry = (map: MapNode, name: string, entry: Entry): MapNode => ({
  ...map,
  entries: new Map(map.entries).set(name, entry),
});

/** Returns the value without ranges. `__proto__` cannot be a name here: the reader refuses it. */
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

/** Yields all texts in a value, at any depth. */
export function* textsIn(node: Node): Generator<TextNode> {
  if (isText(node)) yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* textsIn(item);
  else if (node.kind === 'map') for (const entry of node.entries.values()) yield* textsIn(entry.value);
}

/**
 * Finds the range of a part of a text. Quotes, escapes and block indentation shift positions, so this searches by
 * content: the same occurrence in the source as in the value. Returns the whole text's range if that fails.
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
