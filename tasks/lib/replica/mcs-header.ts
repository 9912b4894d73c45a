/** Writes the header of an MEA file like Multi Channel Systems' MC_DataTool. */

import { AUXILIARY } from './array-model.ts';
import { ADC_ZERO } from './mea-blocks.ts';

/** Length of the header in bytes: odd, as in the published files, so that samples are not aligned. */
export const PADDING = 1871;

/** Returns the header of a file of `columns` columns, padded with spaces to `PADDING` bytes. */
export function mcsHeader(stem: string, columns: number): Uint8Array {
  const streams = Array.from({ length: columns }, (_, column) => streamName(column, columns));
  const lines = [
    'MC_DataTool binary conversion',
    'Version 2.6.15',
    `MC_REC file = "${stem}.mcd"`,
    'Sample rate = 20000',
    `ADC zero = ${ADC_ZERO}`,
    'El = 0.1042\u00b5V/AD',
    `Streams = ${streams.join(';')}`,
  ];
  const end = 'EOH\r\n';
  const text = `${lines.join('\r\n')}\r\n`;
  return Buffer.from(text.padEnd(PADDING - end.length) + end, 'latin1');
}

/** Labels a column like the 16 x 16 array: a letter without I and Q, then the row. */
function streamName(column: number, columns: number): string {
  const { idle, juxta, sync } = AUXILIARY;
  const auxiliary = columns === AUXILIARY.columns && [...idle, juxta, sync].some((other) => other === column);
  return `${auxiliary ? 'An' : 'El'}_${'ABCDEFGHJKLMNOPR'.charAt(column % 16)}${Math.floor(column / 16) + 1}`;
}
