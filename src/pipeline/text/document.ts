/** YAML 1.2 text -> tree. No merge keys, no tags but the core ones, no alias bombs. */
import { type Alias, isAlias, isMap, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic, Range, Source } from '../../base/diagnostic.ts';
import { type Entry, type Node, rangeIn } from './node.ts';
import { MOST_COMPARED, suggestion } from './words.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** How many nodes aliases may stand for in all, and how deep a document may be. */
const mostAliased = 100_000;
const deepest = 64;
/** Of a pipeline's file, or of what one option says. */
const longestText = 16_000_000;

export interface ReadYaml {
  /** Null where the text holds no value, or is no YAML at all. */
  readonly node: Node | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A node with what an alias of it would cost. */
interface Built {
  readonly node: Node;
  readonly size: number;
  readonly height: number;
}

/** Reads a source from the given offset on. Never throws. */
export function readYaml(source: Source, offset = 0): ReadYaml {
  const tooLong = source.text.length - offset > longestText;
  if (tooLong) return { node: null, diagnostics: [longText(source, offset)] };
  const strange = strangeCharacter(source, offset);
  if (strange !== null) return { node: null, diagnostics: [strange] };
  const parsed = parse(source.text.slice(offset));
  if (parsed === null) {
    const range = rangeIn(source, offset, offset + 1);
    return { node: null, diagnostics: [{ range, message: 'this is nested too deeply' }] };
  }
  const diagnostics: Diagnostic[] = [];
  const version = parsed.directives.yaml;
  if (version.explicit === true && version.version !== '1.2') {
    const start = offset + Math.max(source.text.slice(offset).indexOf('%YAML'), 0);
    const message = `YAML ${version.version} is not read here`;
    diagnostics.push({ range: rangeIn(source, start, start + 9), message, hint: 'remove the line: YAML 1.2 is meant' });
  }
  const mistakes = [...parsed.errors, ...parsed.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const broken = mistakes.find(({ code }) => !harmless.has(code));
  // After a broken place the parser guesses, and what it says from there on is about its own guess.
  const sure = mistakes.filter(
    (mistake) => harmless.has(mistake.code) && mistake.pos[0] < (broken?.pos[0] ?? Infinity),
  );
  for (const mistake of broken === undefined ? sure : [...sure, broken]) {
    diagnostics.push(yamlMistake(mistake, source, offset));
  }
  if (broken !== undefined || version.version !== '1.2' || parsed.contents === null) return { node: null, diagnostics };
  const node = build(parsed.contents, source, offset, diagnostics);
  return { node, diagnostics };
}

/** Mistakes after which the tree is still what the person meant. */
const harmless = new Set<string>(['NON_STRING_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE', 'MULTIPLE_DOCS']);

/** Null where the parser's recursion met the end of the stack. */
function parse(text: string) {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      // Checked while building: the parser compares every pair of names.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const longText = (source: Source, offset: number): Diagnostic => ({
  range: rangeIn(source, offset, offset + 1),
  message: `this is longer than ${longestText / 1_000_000} million characters`,
  hint: 'keep data in a file of their own, and name that',
});

/** Characters that no text editor writes: the file is in another encoding, or no text at all. */
function strangeCharacter(source: Source, offset: number): Diagnostic | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const found = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFD-\uFFFF]|\p{Cs}/u.exec(source.text.slice(offset));
  if (found === null) return null;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return {
    range: rangeIn(source, offset + found.index, offset + found.index + 1),
    message: code === 'FFFD' ? 'this is not UTF-8 text' : `character U+${code} is not allowed`,
    hint: 'save the file as plain text in UTF-8',
  };
}

/** Parser's nodes -> ours. Aliases become the node they stand for. */
function build(root: unknown, source: Source, offset: number, diagnostics: Diagnostic[]): Node {
  const anchors = new Map<string, Built>();
  let aliased = 0;
  let compared = 0;

  const rangeOf = (node: Scalar | YAMLMap | Alias | { range?: unknown }): Range => {
    const [start, end] = (node.range ?? [0, 0]) as readonly number[];
    return rangeIn(source, offset + (start ?? 0), offset + (end ?? 0));
  };
  const mistake = (range: Range, message: string, hint?: string): void => {
    diagnostics.push({ range, message, ...(hint === undefined ? {} : { hint }) });
  };
  const leaf = (range: Range, value: null | boolean | number | string = null): Built => ({
    node: { kind: 'scalar', range, value },
    size: 1,
    height: 1,
  });

  /** @param place shown for a value that takes no room, as after `name:`. */
  function node(from: unknown, place: Range, depth: number): Built {
    if (depth > deepest) {
      mistake(place, `this is nested more than ${deepest} levels deep`);
      return leaf(place);
    }
    if (isAlias(from)) return alias(from, depth);
    const made = isScalar(from)
      ? scalar(from, place)
      : isMap(from)
        ? map(from as YAMLMap, depth)
        : isSeq(from)
          ? list(from, depth)
          : leaf(place);
    const anchor = (from as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) anchors.set(anchor, made);
    return made;
  }

  function alias(from: Alias, depth: number): Built {
    const range = rangeOf(from);
    const target = anchors.get(from.source);
    if (target === undefined) {
      const message = `'*${from.source}' stands for nothing: there is no '&${from.source}' before it`;
      compared += anchors.size;
      const near = compared > MOST_COMPARED ? {} : suggestion(from.source, anchors.keys(), 'anchors before it');
      diagnostics.push({ range, message, ...near });
      return leaf(range);
    }
    const before = aliased;
    aliased += target.size;
    if (aliased > mostAliased || depth + target.height > deepest) {
      if (before <= mostAliased)
        mistake(range, 'aliases stand for too much here', 'write it out, or use fewer aliases');
      aliased = mostAliased + 1;
      return leaf(range);
    }
    return target;
  }

  function scalar(from: Scalar, place: Range): Built {
    const range = rangeOf(from);
    const { value } = from;
    if (typeof value === 'string' || typeof value === 'boolean') return leaf(range, value);
    if (typeof value !== 'number') return leaf(range.start === range.end ? place : range);
    const written = source.text.slice(range.start, range.end);
    if (!Number.isFinite(value)) mistake(range, `${written} is not a number that can be kept`, 'write a finite number');
    else if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?(\d+|0[xo][\da-f]+)$/i.test(written)) {
      mistake(range, `${written} has too many digits for a number`, `put it in quotes if it is a name: "${written}"`);
    }
    // Adding 0 makes -0 plain 0: JSON has one zero.
    return leaf(range, value + 0);
  }

  function list(from: { items: readonly unknown[]; range?: unknown }, depth: number): Built {
    const range = rangeOf(from);
    const items = from.items.map((item) => node(item, range, depth + 1));
    return { node: { kind: 'list', range, items: items.map((item) => item.node) }, ...extent(items) };
  }

  function map(from: YAMLMap, depth: number): Built {
    const entries = new Map<string, Entry>();
    const values: Built[] = [];
    for (const pair of from.items) {
      if (!isScalar(pair.key)) continue;
      const range = rangeOf(pair.key);
      const name = String(pair.key.value ?? '');
      const before = entries.get(name);
      const value = node(pair.value, range, depth + 1);
      if (name === '__proto__') mistake(range, "'__proto__' cannot be a name");
      else if (before !== undefined) {
        const related = [{ range: before.key, message: 'first written here' }];
        diagnostics.push({ range, message: `'${name}' is written twice`, hint: 'keep one of them', related });
      } else {
        entries.set(name, { key: range, value: value.node });
        values.push(value);
      }
    }
    return { node: { kind: 'map', range: rangeOf(from), entries }, ...extent(values) };
  }

  return node(root, rangeIn(source, offset, offset), 0).node;
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
