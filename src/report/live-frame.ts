/** The lines at the end of a terminal that are redrawn in place. */
import { ownSequence, widthOfStyled } from './terminal.ts';

export interface Frame {
  /** Draws these lines over the earlier ones in a single write, so that nothing flickers; skips the write if they are equal. */
  draw(lines: readonly string[]): void;
  /** Removes the lines. */
  erase(): void;
  /** Keeps the lines for good: later output goes below them. */
  leave(): void;
}

export function frameOn(stream: NodeJS.WriteStream): Frame {
  let drawn: readonly string[] = [];
  let columns = stream.columns;

  // A terminal that becomes narrower wraps the drawn lines, so a line may now take several rows.
  const rows = () => {
    const width = stream.columns || Number.POSITIVE_INFINITY;
    const rowsOf = (line: string) => Math.max(1, Math.ceil(widthOfStyled(line) / width));
    return drawn.reduce((sum, line) => sum + rowsOf(line), 0);
  };
  const up = () => (drawn.length > 0 ? ownSequence(`\u001b[${rows()}A\r`) : '');

  return {
    draw(lines) {
      const same = columns === stream.columns && lines.length === drawn.length && lines.every((l, i) => l === drawn[i]);
      if (same) return;
      stream.write(
        `${up()}${lines.map((line) => `${line}${ownSequence('\u001b[K')}\n`).join('')}${ownSequence('\u001b[J')}`,
      );
      drawn = lines;
      columns = stream.columns;
    },
    erase() {
      if (drawn.length > 0) stream.write(`${up()}${ownSequence('\u001b[J')}`);
      drawn = [];
    },
    leave() {
      drawn = [];
    },
  };
}
