/**
 * Where in a shell command each placeholder stands. Follows quotes, backslashes, comments, substitutions, arithmetic and
 * here-documents. Safety does not rest on it: values reach the shell as variables, never as text that it reads.
 */
import { type HereDocument, hereDocumentAt, linesOf } from './here-document.ts';
import type { Placeholder } from './shell-command.ts';

export type Placement =
  /** Where a word may stand. */
  | 'word'
  /** Within quotes, where its own quotes would end them. */
  | 'quoted'
  /** In a here-document in which the shell replaces variables. */
  | 'here-document'
  /** In a here-document whose delimiter is quoted: the shell takes every letter as it is. */
  | 'raw-here-document'
  /** Where the shell computes, and would run a command that a value holds: `$((...))`, `${x:n}`, `[[ n -eq m ]]`. */
  | 'number';

/** In the order of the placeholders. */
export function placementsOf(command: string, placeholders: readonly Placeholder[]): readonly Placement[] {
  const scan: Scan = {
    command,
    starts: new Map(placeholders.map((one) => [one.index, one])),
    found: new Map(),
    pending: [],
  };
  commands(scan, 0, command.length, '');
  // One in a comment is never looked at.
  return placeholders.map((one) => scan.found.get(one) ?? 'word');
}

interface Scan {
  readonly command: string;
  readonly starts: ReadonlyMap<number, Placeholder>;
  readonly found: Map<Placeholder, Placement>;
  /** Here-documents that begin after this line. */
  readonly pending: HereDocument[];
}

/** Notes a placeholder that begins here; returns where it ends, or undefined if none does. */
function placed({ starts, found }: Scan, at: number, placement: Placement): number | undefined {
  const one = starts.get(at);
  if (one) found.set(one, placement);
  return one && at + one.length;
}

/** Each returns the index after what it has read. */
function commands(scan: Scan, from: number, end: number, close: '' | ')' | '`', quoted = false): number {
  const { command, pending } = scan;
  let at = from;
  let depth = 0;
  while (at < end) {
    const char = command.charAt(at);
    if (char === close && depth === 0) return at + 1;
    const after = placed(scan, at, quoted ? 'quoted' : inCommand(scan, at)) ?? nested(scan, at, end, 'word');
    if (after !== undefined) at = after;
    else if (char === '\\') at += 2;
    else if (char === "'") at = single(scan, at + 1, end);
    else if (char === '"') at = double(scan, at + 1, end);
    else if (command.startsWith('((', at) && isWordStart(command, at)) at = arithmetic(scan, at + 2, end, '))');
    else if (char === '#' && isWordStart(command, at)) at = lineEnd(command, at);
    else if (command.startsWith('<<<', at)) at += 3;
    else if (command.startsWith('<<', at)) {
      const found = hereDocumentAt(command, at);
      pending.push(found);
      for (let i = at; i < found.end; i++) placed(scan, i, 'quoted');
      at = found.end;
    } else if (char === '\n' && pending.length > 0) at = hereDocuments(scan, at + 1, end);
    else {
      if (char === '(') depth += 1;
      if (char === ')') depth = Math.max(0, depth - 1);
      at += 1;
    }
  }
  return at;
}

/** What begins with `$` or a backquote, the same in commands, double quotes and here-documents. */
function nested(scan: Scan, at: number, end: number, within: Placement): number | undefined {
  const { command } = scan;
  if (command.startsWith('$((', at)) return arithmetic(scan, at + 3, end, '))');
  if (command.startsWith('$[', at)) return arithmetic(scan, at + 2, end, ']');
  if (command.startsWith('${', at)) return parameter(scan, at + 2, end, within);
  if (command.startsWith('$(', at)) return commands(scan, at + 2, end, ')');
  if (within === 'word' && command.startsWith("$'", at)) return ansi(scan, at + 2, end);
  if (within === 'word' && /^[<>]\(/.test(command.slice(at, at + 2))) return commands(scan, at + 2, end, ')');
  if (command.charAt(at) === '`') return commands(scan, at + 1, end, '`', within === 'quoted');
  return undefined;
}

const COMPUTES_BEFORE = /(?:\[\[.*\s-(?:eq|ne|lt|le|gt|ge|v)\s+|(?:^|[;&|\s])let\s[^;&|\n]*|\w\[)$/;
const COMPUTES_AFTER = /^\s+-(?:eq|ne|lt|le|gt|ge)\s/;

/** In most places a word; a number where the shell takes the word for arithmetic. */
function inCommand({ command, starts }: Scan, at: number): Placement {
  const one = starts.get(at);
  if (!one) return 'word';
  const line = command.slice(command.lastIndexOf('\n', at) + 1, at);
  const rest = command.slice(at + one.length, at + one.length + 20);
  const computes = COMPUTES_BEFORE.test(line) || (line.includes('[[') && COMPUTES_AFTER.test(rest));
  return computes ? 'number' : 'word';
}

function single(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    if (scan.command.charAt(at) === "'") return at + 1;
    at = placed(scan, at, 'quoted') ?? at + 1;
  }
  return end;
}

/** `$'...'`, in which a backslash counts. */
function ansi(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === "'") return at + 1;
    at = placed(scan, at, 'quoted') ?? at + (char === '\\' ? 2 : 1);
  }
  return end;
}

function double(scan: Scan, from: number, end: number): number {
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === '"') return at + 1;
    at = placed(scan, at, 'quoted') ?? nested(scan, at, end, 'quoted') ?? at + (char === '\\' ? 2 : 1);
  }
  return end;
}

function arithmetic(scan: Scan, from: number, end: number, close: '))' | ']'): number {
  let depth = 0;
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (depth === 0 && scan.command.startsWith(close, at)) return at + close.length;
    if (char === '(') depth += 1;
    if (char === ')') depth = Math.max(0, depth - 1);
    at = placed(scan, at, 'number') ?? nested(scan, at, end, 'number') ?? at + 1;
  }
  return end;
}

/** A default (`:-`), and outside quotes also what is cut off or replaced, may be any text; an offset or index is computed. */
const TAKES_TEXT = /^[!#]?(?:\w+|[@*])(?:\[[@*]\])?(?::?[-=+?]|([%#/^,]))/;

function parameter(scan: Scan, from: number, end: number, within: Placement): number {
  const text = TAKES_TEXT.exec(scan.command.slice(from, from + 200));
  const isText = text !== null && (text[1] === undefined || within !== 'here-document');
  const placement = isText ? within : 'number';
  for (let at = from; at < end; ) {
    const char = scan.command.charAt(at);
    if (char === '}') return at + 1;
    const after = placed(scan, at, placement) ?? nested(scan, at, end, within);
    if (after !== undefined) at = after;
    else if (char === '"' && within === 'word') at = double(scan, at + 1, end);
    else if (char === "'" && within === 'word') at = single(scan, at + 1, end);
    else at += char === '\\' ? 2 : 1;
  }
  return end;
}

/** From the line after the command's on. */
function hereDocuments(scan: Scan, from: number, end: number): number {
  let at = from;
  for (let document = scan.pending.shift(); document !== undefined; document = scan.pending.shift()) {
    const { textEnd, after } = linesOf(scan.command, at, document);
    if (document.quoted) for (let i = at; i < textEnd; i++) placed(scan, i, 'raw-here-document');
    else body(scan, at, Math.min(textEnd, end));
    at = after;
  }
  return at;
}

function body(scan: Scan, from: number, end: number): void {
  for (let at = from; at < end; ) {
    const step = scan.command.charAt(at) === '\\' ? 2 : 1;
    at = placed(scan, at, 'here-document') ?? nested(scan, at, end, 'here-document') ?? at + step;
  }
}

const isWordStart = (command: string, at: number): boolean => at === 0 || /[\s;&|(]/.test(command.charAt(at - 1));

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
