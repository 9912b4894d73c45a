/** Reports mistakes in the command of a shell step. */

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { TaskInterface } from '../../task/define.ts';
import { placementsOf } from '../placements.ts';
import { type Placeholder, type PlaceholderKind, parseCommand } from '../shell-command.ts';
import { nearest } from '../text/nearest.ts';
import { partOf, type TextNode } from '../text/node.ts';
import { suggestion } from '../text/suggestion.ts';
import type { StepDraft } from './draft.ts';

const NOUNS: { readonly [kind in PlaceholderKind]: string } = {
  inputs: 'input',
  outputs: 'output',
  params: 'parameter',
  recording: 'recording',
};

export function checkShell(step: StepDraft, command: TextNode, task: TaskInterface | null): readonly Diagnostic[] {
  const { placeholders } = parseCommand(command.value);
  const rangeOf = ({ index, length }: Placeholder) => partOf(command, index, length);

  const placements = placementsOf(command.value, placeholders);

  const unknown = placeholders.flatMap((placeholder): readonly Diagnostic[] => {
    const { kind, name } = placeholder;
    if (kind === 'recording' || step[kind].has(name)) return [];
    const noun = NOUNS[kind];
    const message = `step '${step.name}' has no ${noun} '${name}'`;
    return [{ range: rangeOf(placeholder), message, ...suggestion(name, step[kind].keys(), `its ${noun}s`) }];
  });
  const quoted = placeholders
    .filter((_, i) => placements[i] === 'quoted')
    .map((placeholder) => ({
      range: rangeOf(placeholder),
      message: 'a placeholder cannot stand within quotes',
      hint: 'remove the quotes around it: the value is quoted when it is filled in',
    }));
  const escaped = placeholders
    .filter(({ index }, i) => placements[i] !== 'raw-here-document' && isEscaped(command.value, index))
    .map((placeholder) => ({
      range: partOf(command, placeholder.index - 1, placeholder.length + 1),
      message: 'a backslash before a placeholder would escape the quote around its value',
      hint: 'remove the backslash, or double it if the text should have one',
    }));
  const lists = placeholders
    .filter(({ list, name }) => list && task?.inputs[name]?.kind !== 'gathered' && isConnected(step, name))
    .map((placeholder) => ({
      range: rangeOf(placeholder),
      message: `input '${placeholder.name}' is one file, not a list`,
      hint: `write {inputs.${placeholder.name}}`,
    }));
  const mentioned = new Set(placeholders.flatMap(({ kind, name }) => (kind === 'outputs' ? [name] : [])));
  const unused = [...step.outputs].flatMap(([name, { key }]) =>
    mentioned.has(name)
      ? []
      : [{ range: key, message: `the command never writes output '${name}'`, hint: `say where: {outputs.${name}}` }],
  );
  const misspelt = misspeltPlaceholders(command);
  // A misspelt placeholder may stand for the output that seems unused.
  const surelyUnused = misspelt.length + unknown.length > 0 ? [] : unused;
  return [...unknown, ...quoted, ...escaped, ...lists, ...misspelt, ...surelyUnused];
}

const isConnected = ({ inputs }: StepDraft, name: string): boolean =>
  inputs.has(name) && inputs.get(name)?.kind !== 'wrong';

/** Whether an odd number of backslashes precedes the index: the shell reads each pair as a literal backslash. */
function isEscaped(command: string, index: number): boolean {
  let at = index;
  while (command[at - 1] === '\\') at--;
  return (index - at) % 2 === 1;
}

/** Reports braces that are almost a placeholder: `{input.mea}`, `{recoring}`, `${inputs.mea}`. */
function misspeltPlaceholders(command: TextNode): readonly Diagnostic[] {
  return [...command.value.matchAll(/(\$?)\{([A-Za-z_]+)(\.[^{}\s]*)?\}/g)].flatMap((match): readonly Diagnostic[] => {
    const [text, dollar, word = '', member] = match;
    const range = partOf(command, match.index, text.length);
    const words = member === undefined ? ['recording'] : ['inputs', 'outputs', 'params'];
    if (dollar === '$') {
      if (member === undefined || !words.includes(word)) return [];
      return [{ range, message: `'${text}' is no variable of the shell`, hint: `write ${text.slice(1)}` }];
    }
    if (member === undefined && ['inputs', 'outputs', 'params'].includes(word)) {
      return [{ range, message: `'${text}' does not say which`, hint: `write {${word}.name}` }];
    }
    const near = words.includes(word) ? undefined : nearest(word, words);
    if (near === undefined) return [];
    return [{ range, message: `'${text}' is no placeholder`, hint: `did you mean '{${near}${member ?? ''}}'?` }];
  });
}
