/**
 * Finds how the shell reads each placeholder of a command. Follows quotes, backslashes, comments, substitutions,
 * arithmetic and here-documents. Safety does not depend on it: values reach the shell as variables, never as code.
 */
import { type HereDocument, hereDocumentAt, hereDocumentEnd } from './here-document.ts';
import type { Placeholder } from './shell-command.ts';

export type Placement =
  /** In place of a word. */
  | 'word'
  /** Within quotes, which the quotes around the value would close. */
  | 'quoted'
  /** In a here-document in which the shell replaces variables. */
  | 'here-document'
  /** In a here-document whose delimiter is quoted: the shell replaces nothing. */
  | 'raw-here-document'
  /** In arithmetic, which would run a command that the value contains: `$((...))`, `${x:n}`, `[[ n -eq m ]]`. */
  | 'number';

/** Returns a placement per placeholder, in the same order. */
export function placementsOf(command: string, placeholders: readonly Placeholder[]): readonly Placement[] {
  const scan: Scan = {
    command,
    starts: new Map(placeholders.map((placeholder) => [placeholder.index, placeholder])),
    found: new Map(),
    pending: [],
  };
  readCommands(scan, 0, command.length);
  // A placeholder in a comment is skipped, so it has no placement yet.
  return placeholders.map((placeholder) => scan.found.get(placeholder) ?? 'word');
}

interface Scan {
  readonly command: string;
  readonly starts: ReadonlyMap<number, Placeholder>;
  readonly found: Map<Placeholder, Placement>;
  /** Here-documents that begin after this line. */
  readonly pending: HereDocument[];
}

/** Records the placement of a placeholder that begins at this index; returns its end, or undefined. */
function place({ starts, found }: Scan, at: number, placement: Placement): number | undefined {
  const placeholder = starts.get(at);
  if (placeholder) found.set(placeholder, placement);
  return placeholder && at + placeholder.length;
}

interface Substitution {
  /** The character that ends the commands. */
  readonly close: ')' | '`';
  /** The substitution stands within double quotes. */
  readonly quoted?: boolean;
}

/** Reads commands; as all functions below, returns the index after the text that it has read. */
function readCommands(scan: Scan, from: number, end: number, substitution?: Substitution): number {
  const { command, pending } = scan;
  const { close, quoted = false } = substitution ?? {};
  let at = from;
  let depth = 0;
  while (at < end) {
    const char = command.charAt(at);
    if (char === close && depth === 0) return at + 1;
    const after =
      place(scan, at, quoted ? 'quoted' : placementInCommand(scan, at)) ?? readExpansion(scan, at, end, 'word');
    if (after !== undefined) at = after;
    else if (char === '\\') at += 2;
    else if (char === "'") at = readSingleQuotes(scan, at + 1, end);
    else if (char === '"') at = readDoubleQuotes(scan, at + 1, end);
    else if (command.startsWith('((', at) && isWordStart(command, at)) at = readArithmetic(scan, at + 2, end, '))');
    else if (char === '#' && isWordStart(command, at)) at = lineEnd(command, at);
    else if (command.startsWith('<<<', at)) at += 3;
    else if (command.startsWith('<<', at)) {
      const found = hereDocumentAt(command, at);
      pending.push(found);
      for (let i = at; i < found.end; i++) place(scan, i, 'quoted');
      at = found.end;
    } else if (char === '\n' && pending.length > 0) at = readHereDocuments(scan, at + 1, end);
    else {
      if (char === '(') depth += 1;
      if (char === ')') depth = Math.max(0, depth - 1);
      at += 1;
    }
  }
  return at;
}

/** Reads an expansion, which begins with `$` or a backquote; the same in commands, double quotes and here-documents. */
function readExpansion(scan: Scan, at: number, end: number, within: Placement): number | undefined {
  const { command } = scan;
  if (command.startsWith('$((', at)) return readArithmetic(scan, at + 3, end, '))');
  if (command.startsWith('$[', at)) return readArithmetic(scan, at + 2, end, ']');
  if (command.startsWith('${', at)) return readParameter(scan, at + 2, end, within);
  if (command.startsWith('$(', at)) return readCommands(scan, at + 2, end, { close: ')' });
  if (within === 'word' && command.startsWith("$'", at)) return readAnsiQuotes(scan, at + 2, end);
  if (within === 'word' && /^[<>]\(/.test(command.slice(at, at + 2))) {
    return readCommands(scan, at + 2, end, { close: ')' });
  }
  if (command.charAt(at) === '`') return readCommands(scan, at + 1, end, { close: '`', quoted: within === 'quoted' });
  return undefined;
}

const COMPUTES_BEFORE = /(?:\[\[.*\s-(?:eq|ne|lt|le|gt|ge|v)\s+|(?:^|[;&|\s])let\s[^;&|\n]*|\w\[)$/;
const COMPUTES_AFTER = /^\s+-(?:eq|ne|lt|le|gt|ge)\s/;

/** Mostly `word`; `number` if the shell takes the word for arithmetic. */
function placementInCommand({ command, starts }: Scan, at: number): Placement {
  const placeholder = starts.get(at);
  if (!placeholder) return 'word';
  const line = command.slice(command.lastIndexOf('\n', at) + 1, at);
  const after = at + placeholder.length;
  const rest = command.slice(after, after + 20);
  const computes = COMPUTES_BEFORE.test(line) || (line.includes('[[') && COMPUTES_AFTER.test(rest));
  return computes ? 'number' : 'word';
}

function readSingleQuotes(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    if (scan.command.charAt(at) === "'") return at + 1;
    at = place(scan, at, 'quoted') ?? at + 1;
  }
  return end;
}

/** Reads `$'...'`, in which a backslash escapes. */
function readAnsiQuotes(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === "'") return at + 1;
    at = place(scan, at, 'quoted') ?? at + (char === '\\' ? 2 : 1);
  }
  return end;
}

function readDoubleQuotes(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === '"') return at + 1;
    at = place(scan, at, 'quoted') ?? readExpansion(scan, at, end, 'quoted') ?? at + (char === '\\' ? 2 : 1);
  }
  return end;
}

function readArithmetic(scan: Scan, from: number, end: number, close: '))' | ']'): number {
  let depth = 0;
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (depth === 0 && scan.command.startsWith(close, at)) return at + close.length;
    if (char === '(') depth += 1;
    if (char === ')') depth = Math.max(0, depth - 1);
    at = place(scan, at, 'number') ?? readExpansion(scan, at, end, 'number') ?? at + 1;
  }
  return end;
}

/** A default (`:-`), and outside quotes also a pattern to remove or replace, is any text; an index is computed. */
const TAKES_TEXT = /^[!#]?(?:\w+|[@*])(?:\[[@*]\])?(?::?[-=+?]|([%#/^,]))/;

function readParameter(scan: Scan, from: number, end: number, within: Placement): number {
  const text = TAKES_TEXT.exec(scan.command.slice(from, from + 200));
  const isText = text !== null && (text[1] === undefined || within !== 'here-document');
  const placement = isText ? within : 'number';
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === '}') return at + 1;
    const after = place(scan, at, placement) ?? readExpansion(scan, at, end, within);
    if (after !== undefined) at = after;
    else if (char === '"' && within === 'word') at = readDoubleQuotes(scan, at + 1, end);
    else if (char === "'" && within === 'word') at = readSingleQuotes(scan, at + 1, end);
    else at += char === '\\' ? 2 : 1;
  }
  return end;
}

/** Reads the texts of all pending here-documents, which begin on the line after the command. */
function readHereDocuments(scan: Scan, from: number, end: number): number {
  let at = from;
  for (let document = scan.pending.shift(); document !== undefined; document = scan.pending.shift()) {
    const { textEnd, after } = hereDocumentEnd(scan.command, at, document);
    if (document.quoted) for (let i = at; i < textEnd; i++) place(scan, i, 'raw-here-document');
    else readHereDocument(scan, at, Math.min(textEnd, end));
    at = after;
  }
  return at;
}

function readHereDocument(scan: Scan, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const step = scan.command.charAt(at) === '\\' ? 2 : 1;
    at = place(scan, at, 'here-document') ?? readExpansion(scan, at, end, 'here-document') ?? at + step;
  }
}

const isWordStart = (command: string, at: number): boolean => at === 0 || /[\s;&|(]/.test(command.charAt(at - 1));

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
