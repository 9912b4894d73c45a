/** Words an error of the YAML parser for readers who do not know the YAML specification. */
import type { YAMLError } from 'yaml';
import type { Diagnostic, Source } from '../../base/diagnostic.ts';
import { rangeIn } from './node.ts';
import { positionOf } from './position.ts';

interface Wording {
  readonly message: string;
  readonly hint?: string;
}

const WORDINGS: { readonly [code: string]: (message: string, text: string) => Wording } = {
  TAB_AS_INDENT: () => ({ message: 'a tab cannot indent a line', hint: 'use spaces' }),
  MULTIPLE_DOCS: () => ({ message: 'a second document starts here', hint: 'one file holds one pipeline' }),
  RESOURCE_EXHAUSTION: () => ({ message: 'this is nested too deeply' }),
  NON_STRING_KEY: () => ({ message: 'a name must be plain text' }),
  BAD_DIRECTIVE: (_, text) => ({ message: `'${text}' is not a directive of YAML 1.2`, hint: 'remove the line' }),
  BAD_DQ_ESCAPE: (_, text) => ({
    message: `'${text}' means nothing in double quotes`,
    hint: 'in single quotes a backslash stands for itself',
  }),
  BAD_SCALAR_START: (_, text) => ({ message: `a value cannot start with ${text}`, hint: 'put the value in quotes' }),
  TAG_RESOLVE_FAILED: (_, text) => ({ message: `the tag ${text} does not fit here`, hint: 'remove the tag' }),
  BLOCK_AS_IMPLICIT_KEY: () => ({
    message: "this value holds a second ':', or the line after it is indented too far",
    hint: "put text that holds ': ' in quotes",
  }),
  MULTILINE_IMPLICIT_KEY: () => ({ message: 'a name must be followed by a colon on the same line' }),
  BLOCK_IN_FLOW: () => ({ message: 'a comma is missing between { } or [ ], or a value with a colon needs quotes' }),
  BAD_INDENT: (message) => unclosed(message) ?? { message: 'this line is not indented like the lines it belongs to' },
  MISSING_CHAR: (message) => {
    const quote = /Missing closing (.)quote/.exec(message)?.[1];
    if (quote !== undefined) return { message: `the text is not closed with ${quote} before here` };
    if (message.includes('Implicit map keys')) return { message: "a name must be followed by ':' and its value" };
    return unclosed(message) ?? { message: decapitalized(message) };
  },
  UNEXPECTED_TOKEN: (message) => {
    if (message.includes('block-seq-ind')) return { message: "a list of '-' items must start on a line of its own" };
    return { message: 'this does not belong here', hint: 'a comma may be missing before it, or a value needs quotes' };
  },
};

const decapitalized = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function unclosed(message: string): Wording | null {
  const closing = /(?:indented and|must) end with a (.)/.exec(message)?.[1];
  if (closing === undefined) return null;
  return {
    message: `a '${closing === ']' ? '[' : '{'}' before here is not closed`,
    hint: `close it with '${closing}', and indent what it holds`,
  };
}

/** @param offset of the parsed text in the source. */
export function yamlMistake(error: YAMLError, source: Source, offset: number): Diagnostic {
  const range = rangeOf(error, source, offset);
  const text = source.text.slice(range.start, range.end);
  const wording = WORDINGS[error.code]?.(error.message, text) ?? { message: decapitalized(error.message) };
  // A tab is the mistake itself; most other errors are more likely caused by an unquoted placeholder.
  const hint = error.code === 'TAB_AS_INDENT' ? {} : braceHint(range.source, range.start);
  return { range, ...wording, ...hint };
}

/** Marks the last character for an error at the end of the text: the parser points behind it. */
function rangeOf(error: YAMLError, source: Source, offset: number) {
  const end = source.text.trimEnd().length;
  const start = Math.max(offset, Math.min(offset + error.pos[0], end - 1));
  // An escape is a backslash and the character after it.
  const length = error.code === 'BAD_DQ_ESCAPE' ? 2 : 1;
  return rangeIn(source, start, Math.max(start + length, Math.min(offset + error.pos[1], end)));
}

/** YAML reads an unquoted `{recording}` as a map: by far the likeliest mistake in a pipeline. */
function braceHint(source: Source, start: number): { readonly hint?: string } {
  const { lineStart, lineEnd } = positionOf(rangeIn(source, start, start));
  const placeholder = /\{(?:recording|(?:inputs|outputs|params)\.[^{}]*)\}/.exec(source.text.slice(lineStart, lineEnd));
  return placeholder === null ? {} : { hint: `put a value that holds ${placeholder[0]} in quotes` };
}
