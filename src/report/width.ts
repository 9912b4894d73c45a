/** How wide text is on a terminal, in columns. */

/** Characters that take two columns: CJK, Hangul, full-width forms, emoji. Marks that combine take none. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NONE = /\p{Mn}|\p{Me}|\u200b|\u200d|\ufe0f/u;

const columnsOf = (character: string): number => (NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** At most `width` columns of a text; what is cut ends in `…`. */
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

/** Breaks a text at blanks into lines of at most `width` columns, and a word that is longer wherever it must. */
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

/** A word in pieces of at most `width` columns. */
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
