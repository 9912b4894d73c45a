/**
 * Fills values into a shell command. They become variables, which the shell replaces after it has parsed the command: so
 * it never runs a value as a part of the command.
 */

import { err, ok, type Result } from '../base/result.ts';
import type { Placement } from '../pipeline/placements.ts';
import type { Placeholder, ShellCommand } from '../pipeline/shell-command.ts';

/** A list becomes several words. */
export type Value = string | readonly string[];

/** Text that may stand in a here-document whose delimiter is quoted: no characters that a shell interprets, no line ends. */
const HARMLESS = /^[\w ./:+,@%=-]*$/;
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** Returns the script for bash, or why a value cannot stand in the place of its placeholder. */
export function fillCommand(
  { pieces, placeholders }: ShellCommand,
  placements: readonly Placement[],
  values: readonly Value[],
): Result<string, string> {
  const variables = new Map<string, string>();
  const assignments: string[] = [];
  const variable = (value: Value): string => {
    const text = typeof value === 'string' ? quoteWord(value) : `(${value.map(quoteWord).join(' ')})`;
    const existing = variables.get(text);
    if (existing !== undefined) return existing;
    const name = `groundproof_${variables.size}`;
    variables.set(text, name);
    assignments.push(`${name}=${text}`);
    return name;
  };

  let script = pieces[0] ?? '';
  for (const [i, placeholder] of placeholders.entries()) {
    const value = values[i] ?? '';
    const problem = problemOf(placeholder, placements[i] ?? 'word', value);
    if (problem !== undefined) return err(problem);
    script += replacementFor(placements[i] ?? 'word', value, variable) + (pieces[i + 1] ?? '');
  }
  // Keep the assignments on the command's first line, so that the shell's line numbers are right.
  return ok(['set -euo pipefail', ...assignments, script].join('; '));
}

function replacementFor(placement: Placement, value: Value, variable: (value: Value) => string): string {
  if (value.length === 0 && typeof value !== 'string') return '';
  const isList = typeof value !== 'string';
  switch (placement) {
    case 'here-document':
      return isList ? `\${${variable(value)}[*]}` : `\${${variable(value)}}`;
    case 'raw-here-document':
    case 'number':
      return isList ? value.join(' ') : value;
    default:
      return isList ? `"\${${variable(value)}[@]}"` : `"$${variable(value)}"`;
  }
}

function problemOf(placeholder: Placeholder, placement: Placement, value: Value): string | undefined {
  const texts = typeof value === 'string' ? [value] : value;
  const named = `{${placeholder.kind}${placeholder.name === '' ? '' : `.${placeholder.name}`}}`;
  if (texts.some((text) => text.includes('\0'))) {
    return `the value of ${named} holds a NUL character, which no command can be given; take it out`;
  }
  if (placement === 'number' && !texts.every((text) => NUMBER.test(text))) {
    return `${named} stands in arithmetic, which takes only a number, and is ${JSON.stringify(value)}; the shell would run other text as code`;
  }
  if (placement === 'raw-here-document' && !texts.every((text) => HARMLESS.test(text))) {
    return `${named} stands in a here-document whose delimiter is quoted, which takes only plain words, and is ${JSON.stringify(value)}; write the delimiter without quotes, and \\$ for each $ that is to stay`;
  }
  return undefined;
}

/** Quotes any text as a word of bash, on a single line. */
function quoteWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (!/[\u0000-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  const escaped = text.replaceAll(/[\\']/g, '\\$&').replaceAll(/[\u0000-\u001f\u007f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `$'${escaped}'`;
}
