/** The command of a shell step: text with placeholders. All other braces are the shell's own. */

export type PlaceholderKind = 'inputs' | 'outputs' | 'params' | 'recording';

export interface Placeholder {
  readonly kind: PlaceholderKind;
  /** The port or parameter; empty for `{recording}`. */
  readonly name: string;
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

export function parseCommand(command: string): Command {
  const pieces: string[] = [];
  const placeholders: Placeholder[] = [];
  let end = 0;
  for (const match of command.matchAll(placeholder)) {
    const [text, kind, name] = match;
    pieces.push(command.slice(end, match.index));
    placeholders.push({
      kind: (kind as PlaceholderKind | undefined) ?? 'recording',
      name: name ?? '',
      index: match.index,
      length: text.length,
    });
    end = match.index + text.length;
  }
  return { pieces: [...pieces, command.slice(end)], placeholders };
}

interface Frame {
  quote: '' | "'" | '"';
  /** Open parentheses within `$( )`. */
  depth: number;
}

/**
 * Which of the placeholders stand within the shell's quotes. Follows quotes, backslashes, comments, `$( )`
 * and here-documents, no more of the shell's grammar.
 */
export function quotedPlaceholders(command: string, placeholders: readonly Placeholder[]): readonly Placeholder[] {
  const starts = new Map(placeholders.map((placeholder) => [placeholder.index, placeholder]));
  const quoted: Placeholder[] = [];
  const frames: Frame[] = [{ quote: '', depth: 0 }];
  const ends: string[] = [];
  for (let at = 0; at < command.length; at++) {
    const frame = frames.at(-1) as Frame;
    const found = starts.get(at);
    if (found !== undefined) {
      if (frame.quote !== '') quoted.push(found);
      at += found.length - 1;
      continue;
    }
    const char = command.charAt(at);
    if (frame.quote === "'") {
      if (char === "'") frame.quote = '';
    } else if (char === '\\') at += 1;
    else if (char === '"') frame.quote = frame.quote === '"' ? '' : '"';
    else if (command.startsWith('$(', at)) {
      frames.push({ quote: '', depth: 1 });
      at += 1;
    } else if (frame.quote === '"') continue;
    else if (char === "'") frame.quote = "'";
    else if (char === '(') frame.depth += 1;
    else if (char === ')') {
      frame.depth -= 1;
      if (frame.depth === 0 && frames.length > 1) frames.pop();
    } else if (char === '#' && /^$|[\s;&|(]/.test(command.charAt(at - 1))) at = lineEnd(command, at) - 1;
    else if (command.startsWith('<<', at)) {
      const [text = '', , word] = /^<<-?[ \t]*(['"]?)(\w+)\1|^<<</.exec(command.slice(at, at + 200)) ?? [];
      if (word !== undefined) ends.push(word);
      at += Math.max(text.length, 2) - 1;
    } else if (char === '\n') while (ends.length > 0) at = afterHereDocument(command, at, ends.shift() as string);
  }
  return quoted;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The end of the line that holds the closing word, from the line break before the text on. */
function afterHereDocument(command: string, lineBreak: number, word: string): number {
  for (let start = lineBreak + 1; start < command.length; start = lineEnd(command, start) + 1) {
    if (command.slice(start, lineEnd(command, start)).trim() === word) return lineEnd(command, start);
  }
  return command.length;
}
