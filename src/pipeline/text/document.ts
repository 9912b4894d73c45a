/** Reads YAML 1.2 to a tree: no merge keys, only the core tags, no alias bombs. */
import { type Document, parseDocument } from 'yaml';
import type { Diagnostic, Source } from '../../base/diagnostic.ts';
import { buildTree } from './build-tree.ts';
import { type Node, rangeIn } from './node.ts';
import { yamlMistake } from './yaml-mistake.ts';

/** The limit for a pipeline's file, and for an option's value. */
const MOST_CHARACTERS = 16_000_000;

export interface ReadYaml {
  /** Null if the text contains no value, or is not YAML at all. */
  readonly node: Node | null;
  /** The number of nodes that aliases stand for. */
  readonly aliased: number;
  readonly diagnostics: readonly Diagnostic[];
}

const nothing = (...diagnostics: readonly Diagnostic[]): ReadYaml => ({ node: null, aliased: 0, diagnostics });

/** Reads a source from the given offset on. Never throws. */
export function readYaml(source: Source, offset = 0): ReadYaml {
  const tooLong = source.text.length - offset > MOST_CHARACTERS;
  if (tooLong) return nothing(longText(source, offset));
  const strange = strangeCharacter(source, offset);
  if (strange !== null) return nothing(strange);
  const parsed = parse(source.text.slice(offset));
  if (parsed === null) {
    const range = rangeIn(source, offset, offset + 1);
    return nothing({ range, message: 'this is nested too deeply' });
  }
  const { version, mistake: wrongVersion } = versionOf(parsed, source, offset);
  const { isBroken, mistakes } = parserMistakes(parsed, source, offset);
  const diagnostics: Diagnostic[] = [...wrongVersion, ...mistakes];
  if (isBroken || version !== '1.2' || parsed.contents === null) return nothing(...diagnostics);
  const { node, aliased } = buildTree(parsed.contents, source, offset, diagnostics);
  return { node, aliased, diagnostics };
}

interface Version {
  readonly version: string;
  readonly mistake: readonly Diagnostic[];
}

/** Reads the directive `%YAML`; only version 1.2 is right. */
function versionOf({ directives: { yaml } }: ParsedDocument, source: Source, offset: number): Version {
  const { version, explicit } = yaml;
  if (explicit !== true || version === '1.2') return { version, mistake: [] };
  const start = offset + Math.max(source.text.slice(offset).indexOf('%YAML'), 0);
  const range = rangeIn(source, start, start + 9);
  const message = `YAML ${version} is not read here`;
  return { version, mistake: [{ range, message, hint: 'remove the line: YAML 1.2 is meant' }] };
}

/** Takes the parser's mistakes up to the first that breaks the tree: after it the parser only guesses. */
function parserMistakes({ errors, warnings }: ParsedDocument, source: Source, offset: number) {
  const all = [...errors, ...warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const broken = all.find(({ code }) => !HARMLESS.has(code));
  const harmless = all.filter(({ code, pos }) => HARMLESS.has(code) && pos[0] < (broken?.pos[0] ?? Infinity));
  const reported = broken === undefined ? harmless : [...harmless, broken];
  return {
    isBroken: broken !== undefined,
    mistakes: reported.map((mistake) => yamlMistake(mistake, source, offset)),
  };
}

/** Codes of mistakes after which the tree is still as the person intended. */
const HARMLESS = new Set<string>(['NON_STRING_KEY', 'TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE', 'MULTIPLE_DOCS']);

type ParsedDocument = Document.Parsed;

/** Returns null if the parser's recursion exceeds the stack. */
function parse(text: string): ParsedDocument | null {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      // `buildTree` checks this: the parser compares every pair of names.
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
  message: `this is longer than ${MOST_CHARACTERS / 1_000_000} million characters`,
  hint: 'keep data in a file of their own, and name that',
});

/** Reports characters that no text editor writes: the file has another encoding, or is not text. */
function strangeCharacter(source: Source, offset: number): Diagnostic | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  const found = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F\uFFFD-\uFFFF]|\p{Cs}/u.exec(source.text.slice(offset));
  if (found === null) return null;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return {
    range: rangeIn(source, offset + found.index, offset + found.index + 1),
    message: code === 'FFFD' ? 'this is not UTF-8 text' : `character U+${code} is not allowed`,
    hint: 'save the file as plain text in UTF-8',
  };
}
