/** Reads here-documents of the shell: `<<EOF`, `<<-EOF`, `<<'EOF'`. */

export interface HereDocument {
  readonly delimiter: string;
  /** Any part of the delimiter was quoted: the shell replaces nothing in the text. */
  readonly quoted: boolean;
  /** `<<-`: the shell ignores tabs at the beginning of lines. */
  readonly tabs: boolean;
  /** The index after the delimiter. */
  readonly end: number;
}

/** Reads the operator `<<` at this index, and the delimiter after it. */
export function hereDocumentAt(command: string, at: number): HereDocument {
  const tabs = command.charAt(at + 2) === '-';
  let end = at + (tabs ? 3 : 2);
  while (/[ \t]/.test(command.charAt(end))) end += 1;
  let delimiter = '';
  let quoted = false;
  while (end < command.length && !/[\s;&|<>()]/.test(command.charAt(end))) {
    const char = command.charAt(end);
    if (char === "'" || char === '"') {
      const close = command.indexOf(char, end + 1);
      const stop = close === -1 ? command.length : close;
      delimiter += command.slice(end + 1, stop);
      quoted = true;
      end = stop + 1;
    } else if (char === '\\') {
      delimiter += command.charAt(end + 1);
      quoted = true;
      end += 2;
    } else {
      delimiter += char;
      end += 1;
    }
  }
  return { delimiter, quoted, tabs, end };
}

/** Finds the end of a here-document's text that begins at `from`; the command continues at `after`. */
export function hereDocumentEnd(
  command: string,
  from: number,
  { delimiter, quoted, tabs }: HereDocument,
): { readonly textEnd: number; readonly after: number } {
  let isContinued = false;
  for (let start = from; start < command.length; ) {
    const found = command.indexOf('\n', start);
    const end = found === -1 ? command.length : found;
    const line = command.slice(start, end);
    if (!isContinued && (tabs ? line.replace(/^\t+/, '') : line) === delimiter) return { textEnd: start, after: end };
    // A backslash at the end of a line joins the next line to it, unless the delimiter is quoted.
    isContinued = !quoted && /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
    start = end + 1;
  }
  return { textEnd: command.length, after: command.length };
}
