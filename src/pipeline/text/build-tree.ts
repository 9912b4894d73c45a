/** Builds the tree of nodes from the YAML parser's nodes. An alias becomes the node that it stands for. */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Diagnostic, Range, Source } from '../../base/diagnostic.ts';
import { type Entry, type Node, rangeIn } from './node.ts';
import { MOST_COMPARED, suggestion } from './suggestion.ts';

/** Nodes that all aliases of a document, and of the documents that it includes, may stand for. */
export const MOST_ALIASED = 100_000;
const MOST_DEPTH = 64;

/** A node with the number of its nodes and its depth, which an alias of it would add to the tree. */
interface Built {
  readonly node: Node;
  readonly size: number;
  readonly height: number;
}

interface Build {
  readonly source: Source;
  /** The start of the parsed text in the source. */
  readonly offset: number;
  /** Mistakes are added here. */
  readonly diagnostics: Diagnostic[];
  readonly anchors: Map<string, Built>;
  /** Nodes that aliases have stood for so far. */
  aliased: number;
  /** Names compared so far to suggest anchors. */
  compared: number;
}

interface Tree {
  readonly node: Node;
  /** The number of nodes that aliases stand for. */
  readonly aliased: number;
}

/** Adds mistakes to `diagnostics`. */
export function buildTree(root: unknown, source: Source, offset: number, diagnostics: Diagnostic[]): Tree {
  const build: Build = { source, offset, diagnostics, anchors: new Map(), aliased: 0, compared: 0 };
  const { node } = nodeOf(build, root, rangeIn(source, offset, offset), 0);
  return { node, aliased: build.aliased };
}

function rangeOf({ source, offset }: Build, from: Scalar | YAMLMap | YAMLSeq | Alias): Range {
  const [start, end] = from.range ?? [0, 0];
  return rangeIn(source, offset + start, offset + end);
}

function report({ diagnostics }: Build, range: Range, message: string, hint?: string): void {
  diagnostics.push({ range, message, ...(hint === undefined ? {} : { hint }) });
}

const leaf = (range: Range, value: null | boolean | number | string = null): Built => ({
  node: { kind: 'scalar', range, value },
  size: 1,
  height: 1,
});

/** @param emptyRange marked for an empty value, as after `name:`. */
function nodeOf(build: Build, from: unknown, emptyRange: Range, depth: number): Built {
  if (depth > MOST_DEPTH) {
    report(build, emptyRange, `this is nested more than ${MOST_DEPTH} levels deep`);
    return leaf(emptyRange);
  }
  if (isAlias(from)) return aliasOf(build, from, depth);
  const built = unaliased(build, from, emptyRange, depth);
  const anchor = (from as { anchor?: string } | null)?.anchor;
  if (anchor !== undefined) build.anchors.set(anchor, built);
  return built;
}

function unaliased(build: Build, from: unknown, emptyRange: Range, depth: number): Built {
  if (isScalar(from)) return scalarOf(build, from, emptyRange);
  if (isMap(from)) return mapOf(build, from as YAMLMap, depth);
  return isSeq(from) ? listOf(build, from, depth) : leaf(emptyRange);
}

function aliasOf(build: Build, from: Alias, depth: number): Built {
  const { anchors } = build;
  const range = rangeOf(build, from);
  const target = anchors.get(from.source);
  if (target === undefined) {
    const message = `'*${from.source}' stands for nothing: there is no '&${from.source}' before it`;
    build.compared += anchors.size;
    const near = build.compared > MOST_COMPARED ? {} : suggestion(from.source, anchors.keys(), 'anchors before it');
    build.diagnostics.push({ range, message, ...near });
    return leaf(range);
  }
  const before = build.aliased;
  build.aliased += target.size;
  if (build.aliased > MOST_ALIASED || depth + target.height > MOST_DEPTH) {
    if (before <= MOST_ALIASED) {
      report(build, range, 'aliases stand for too much here', 'write it out, or use fewer aliases');
    }
    // Report this only once.
    build.aliased = MOST_ALIASED + 1;
    return leaf(range);
  }
  return target;
}

function scalarOf(build: Build, from: Scalar, emptyRange: Range): Built {
  const range = rangeOf(build, from);
  const { value } = from;
  if (typeof value === 'string' || typeof value === 'boolean') return leaf(range, value);
  if (typeof value !== 'number') return leaf(range.start === range.end ? emptyRange : range);
  const written = build.source.text.slice(range.start, range.end);
  if (!Number.isFinite(value)) {
    report(build, range, `${written} is not a number that can be kept`, 'write a finite number');
  } else if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?(\d+|0[xo][\da-f]+)$/i.test(written)) {
    const hint = `put it in quotes if it is a name: "${written}"`;
    report(build, range, `${written} has too many digits for a number`, hint);
  }
  // Adding 0 turns -0 into 0: JSON has a single zero.
  return leaf(range, value + 0);
}

function listOf(build: Build, from: YAMLSeq, depth: number): Built {
  const range = rangeOf(build, from);
  const items = from.items.map((item) => nodeOf(build, item, range, depth + 1));
  return { node: { kind: 'list', range, items: items.map((item) => item.node) }, ...extent(items) };
}

function mapOf(build: Build, from: YAMLMap, depth: number): Built {
  const entries = new Map<string, Entry>();
  const values: Built[] = [];
  for (const pair of from.items) {
    if (!isScalar(pair.key)) continue;
    const range = rangeOf(build, pair.key);
    const name = String(pair.key.value ?? '');
    const before = entries.get(name);
    const value = nodeOf(build, pair.value, range, depth + 1);
    if (name === '__proto__') report(build, range, "'__proto__' cannot be a name");
    else if (before !== undefined) {
      const related = [{ range: before.key, message: 'first written here' }];
      build.diagnostics.push({ range, message: `'${name}' is written twice`, hint: 'keep one of them', related });
    } else {
      entries.set(name, { key: range, value: value.node });
      values.push(value);
    }
  }
  return { node: { kind: 'map', range: rangeOf(build, from), entries }, ...extent(values) };
}

function extent(children: readonly Built[]): { size: number; height: number } {
  let size = 1;
  let height = 0;
  for (const child of children) {
    size += child.size;
    height = Math.max(height, child.height);
  }
  return { size, height: height + 1 };
}
