/** A terminal's screen: the output of a reporter, interpreted as a terminal would. */
import { widthOf } from '../../src/report/width.ts';

export interface Screen {
  /** The stream for a reporter. */
  readonly stream: NodeJS.WriteStream;
  /** Changes the width and wraps longer lines, as most terminals do. At 0 only the reported width changes. */
  resize(columns: number): void;
  /** All lines, scrolled-out lines included, without empty lines at the end. */
  lines(): string[];
  /** How often the terminal wrapped a line that was wider than the screen. */
  wraps(): number;
  /** The raw text that was written. */
  written(): string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's codes
const CODE = /\u001b\[(\d*)([A-Za-z])/y;

export function screen(width: number, rows: number): Screen {
  let columns = width;
  const cells: string[][] = [[]];
  let [row, column, top, wraps] = [0, 0, 0, 0];
  let written = '';

  const down = () => {
    row++;
    cells[row] ??= [];
    top = Math.max(top, row - rows + 1);
  };
  const put = (character: string) => {
    const width = widthOf(character);
    if (column + width > columns) {
      wraps++;
      down();
      column = 0;
    }
    const line = cells[row] as string[];
    while (line.length < column) line.push(' ');
    if (width === 0) line[column - 1] += character;
    else line.splice(column, width, character, ...Array<string>(width - 1).fill(''));
    column += width;
  };
  const obey = (count: number, code: string) => {
    if (code === 'm') return;
    if (code === 'A') row = Math.max(top, row - count);
    else if (code === 'K') cells[row]?.splice(column);
    else if (code === 'J') {
      cells[row]?.splice(column);
      cells.splice(row + 1);
    } else throw new Error(`unknown code ${code}`);
  };
  const write = (text: string) => {
    written += text;
    for (let at = 0; at < text.length; ) {
      CODE.lastIndex = at;
      const code = CODE.exec(text);
      if (code) {
        obey(Number(code[1] || 1), code[2] ?? '');
        at += code[0].length;
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (character === '\n') {
        down();
        column = 0;
      } else if (character === '\r') column = 0;
      else if (character < ' ') throw new Error(`unknown control character ${character.charCodeAt(0)}`);
      else put(character);
      at += character.length;
    }
    return true;
  };
  const stream = { write, columns, rows, isTTY: true };
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    resize(narrower) {
      stream.columns = narrower;
      if (narrower === 0) return;
      columns = narrower;
      const broken = cells.flatMap((line) =>
        Array.from({ length: Math.max(1, Math.ceil(line.length / columns)) }, (_, i) =>
          line.slice(i * columns, (i + 1) * columns),
        ),
      );
      cells.splice(0, cells.length, ...broken);
      row = cells.length - 1;
      top = Math.max(0, row - rows + 1);
    },
    lines() {
      const lines = cells.map((line) => line.join('').trimEnd());
      while (lines.at(-1) === '') lines.pop();
      return lines;
    },
    wraps: () => wraps,
    written: () => written,
  };
}

/** A stream that only collects, such as a file or a pipe. */
export function pipe(): { readonly stream: NodeJS.WriteStream; text(): string } {
  let text = '';
  const write = (chunk: string) => {
    text += chunk;
    return true;
  };
  return { stream: { write } as unknown as NodeJS.WriteStream, text: () => text };
}
