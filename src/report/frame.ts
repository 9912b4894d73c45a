/** Lines at the end of a terminal that are drawn over again and again. */
import { own, widthOfStyled } from './terminal.ts';

export interface Frame {
  /** Draws these lines over the ones before, in one write, so that nothing flickers; not at all if they are the same. */
  draw(lines: readonly string[]): void;
  /** Takes the lines away. */
  erase(): void;
  /** Leaves the lines where they are: what follows stands below. */
  leave(): void;
}

export function frameOn(stream: NodeJS.WriteStream): Frame {
  let drawn: readonly string[] = [];
  let columns = stream.columns;

  // Terminals break long lines again when they are made narrower, so that a line may now take several rows.
  const rows = () => {
    const width = stream.columns || Number.POSITIVE_INFINITY;
    const rowsOf = (line: string) => Math.max(1, Math.ceil(widthOfStyled(line) / width));
    return drawn.reduce((sum, line) => sum + rowsOf(line), 0);
  };
  const up = () => (drawn.length > 0 ? own(`\u001b[${rows()}A\r`) : '');

  return {
    draw(lines) {
      const same = columns === stream.columns && lines.length === drawn.length && lines.every((l, i) => l === drawn[i]);
      if (same) return;
      stream.write(`${up()}${lines.map((line) => `${line}${own('\u001b[K')}\n`).join('')}${own('\u001b[J')}`);
      drawn = lines;
      columns = stream.columns;
    },
    erase() {
      if (drawn.length > 0) stream.write(`${up()}${own('\u001b[J')}`);
      drawn = [];
    },
    leave() {
      drawn = [];
    },
  };
}
