/** The command of a shell step: text with placeholders. All other braces are the shell's own. */

export type PlaceholderKind = 'inputs' | 'outputs' | 'params' | 'recording';

export interface Placeholder {
  readonly kind: PlaceholderKind;
  /** The port or parameter; empty for `{recording}`. */
  readonly name: string;
  /** Stands for a file with a path a line: `{inputs.x.list}`. */
  readonly list: boolean;
  /** Where it stands in the command, and how long it is. */
  readonly index: number;
  readonly length: number;
}

export interface Command {
  /** The text between the placeholders: one piece more than there are placeholders. */
  readonly pieces: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/** `${x}` is the shell's. */
const placeholder = /(?<!\$)\{(?:(inputs|outputs|params)\.([^{}\s]*)|recording)\}/g;

const LIST = '.list';

export function parseCommand(command: string): Command {
  const pieces: string[] = [];
  const placeholders: Placeholder[] = [];
  let end = 0;
  for (const match of command.matchAll(placeholder)) {
    const [text, kind, name = ''] = match;
    const list = kind === 'inputs' && name.endsWith(LIST);
    pieces.push(command.slice(end, match.index));
    placeholders.push({
      kind: (kind as PlaceholderKind | undefined) ?? 'recording',
      name: list ? name.slice(0, -LIST.length) : name,
      list,
      index: match.index,
      length: text.length,
    });
    end = match.index + text.length;
  }
  return { pieces: [...pieces, command.slice(end)], placeholders };
}
