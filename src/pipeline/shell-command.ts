/** Parses the command of a shell step: text with placeholders. All other braces belong to the shell. */

export type PlaceholderKind = 'inputs' | 'outputs' | 'params' | 'recording';

export interface Placeholder {
  readonly kind: PlaceholderKind;
  /** The port's or parameter's name; empty for `{recording}`. */
  readonly name: string;
  /** `{inputs.x.list}`: a file with a path per line. */
  readonly list: boolean;
  /** Its position and length in the command, in UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

export interface ShellCommand {
  /** The text before, between and after the placeholders: a piece more than there are placeholders. */
  readonly pieces: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/** Skips `${x}`, a variable of the shell. */
const PLACEHOLDER = /(?<!\$)\{(?:(inputs|outputs|params)\.([^{}\s]*)|recording)\}/g;

const LIST = '.list';

export function parseCommand(command: string): ShellCommand {
  const pieces: string[] = [];
  const placeholders: Placeholder[] = [];
  let end = 0;
  for (const match of command.matchAll(PLACEHOLDER)) {
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
