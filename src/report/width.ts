/** Measures, cuts and wraps text by the columns that it takes on a terminal. */

/** Characters that take two columns: CJK, Hangul, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Combining marks and joiners take no column. */
const ZERO_WIDTH = /\p{Mn}|\p{Me}|\u200b|\u200d|\ufe0f/u;

function columnsOf(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Cuts a text to at most `width` columns; a cut text ends in `…`. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const columns = columnsOf(character);
    if (used + columns > width - 1) break;
    kept += character;
    used += columns;
  }
  return width > 0 ? `${kept}…` : '';
}

export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Breaks a text at blanks into lines of at most `width` columns; breaks a longer word at any character. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ').flatMap((word) => pieces(word, Math.max(2, width)))) {
    const columns = widthOf(word);
    if (line === '' || used + 1 + columns > width) {
      if (line !== '') lines.push(line);
      line = word;
      used = columns;
    } else {
      line += ` ${word}`;
      used += 1 + columns;
    }
  }
  return [...lines, line];
}

/** Splits a word into pieces of at most `width` columns. */
function pieces(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const all: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const columns = columnsOf(character);
    if (used + columns > width) {
      all.push(piece);
      [piece, used] = ['', 0];
    }
    piece += character;
    used += columns;
  }
  return [...all, piece];
}
