/** Checks paths to a user's files: relative, within the pipeline's folder, the same on every system. */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { RECORDING } from '../recording.ts';
import { partOf, type TextNode } from '../text/node.ts';
import { suggestion } from '../text/suggestion.ts';

export function checkPath(path: TextNode): readonly Diagnostic[] {
  const wrong = checkPlace(path);
  return wrong === undefined ? checkPlaceholders(path, () => false) : [wrong];
}

/** Checks a pattern of files: `src/**\/*.{ts,js}`. */
export function checkPattern(pattern: TextNode): readonly Diagnostic[] {
  const { range, value } = pattern;
  const wrong = checkPlace(pattern) ?? checkParts(value);
  if (wrong !== undefined) return [{ range, ...wrong }];
  return checkPlaceholders(pattern, (text) => /^\{.*,.*\}$/.test(text));
}

interface Mistake {
  readonly message: string;
  readonly hint: string;
}

function checkParts(pattern: string): Mistake | undefined {
  const parts = pattern.split('/');
  if (/\{[^{}]*\/[^{}]*\}/.test(pattern)) {
    return {
      message: "braces in a pattern hold no '/'",
      hint: 'write the alternatives within a name, such as *.{ts,js}',
    };
  }
  if (parts.includes('..')) return { message: "a pattern has no '..'", hint: 'write the path without it' };
  if (parts.at(-1) === '')
    return { message: 'the pattern names a folder', hint: `for all files in it write ${pattern}**` };
  const deep = parts.find((part) => part.includes('**') && part !== '**');
  if (deep === undefined) return undefined;
  return {
    message: `in '${deep}', '**' stands beside other characters`,
    hint: `write ${deep.replace(/\*\*+/, '**/*')}`,
  };
}

/** Finds what keeps a path from being relative, within the folder, and the same on every system. */
function checkPlace({ range, value }: TextNode): (Diagnostic & Mistake) | undefined {
  const wrong = (message: string, hint: string) => ({ range, message, hint });
  if (/\p{Cc}/u.test(value)) return wrong('the path holds a control character', 'remove it');
  if (!value.isWellFormed()) return wrong('the path holds half a character', 'write the whole character');
  if (/^\w[\w+.-]+:\/\//.test(value))
    return wrong('a file is wanted, not an address', 'download it into the folder first');
  if (value.includes('\\')) return wrong('the path holds a backslash', "separate folders by '/'");
  if (/^(?:\/|~|[A-Za-z]:)/.test(value)) {
    return wrong(
      'the path is not relative to the pipeline',
      "write it from the pipeline's folder on, such as data/x.raw",
    );
  }
  if (leavesFolder(value)) {
    return wrong("the path leaves the pipeline's folder", 'move or link the file into the folder');
  }
  return undefined;
}

function checkPlaceholders(path: TextNode, isAllowed: (text: string) => boolean): readonly Diagnostic[] {
  return [...path.value.matchAll(/\{[^{}]*\}?/g)]
    .filter(([text]) => text !== RECORDING && !isAllowed(text))
    .map((match) => ({
      range: partOf(path, match.index, match[0].length),
      message: `'${match[0]}' is no placeholder`,
      ...suggestion(match[0], [RECORDING], 'a path can hold'),
    }));
}

/** Whether `..` leads out of the folder at any point. */
function leavesFolder(path: string): boolean {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
