/** The text before the samples of an MEA file, as Multi Channel Systems' MC_DataTool writes it. */

import { AUXILIARY } from './array-model.ts';
import { ADC_ZERO } from './mea-blocks.ts';

/** Bytes; odd, as in the published files, so that samples are not aligned. */
export const PADDING = 1871;

/** The header of a file of so many columns, filled up with spaces to `PADDING` bytes. */
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

/** Labels as on the 16 x 16 array: letters without I and Q, then the row. */
function streamName(column: number, columns: number): string {
  const { idle, juxta, sync } = AUXILIARY;
  const auxiliary = columns === AUXILIARY.columns && [...idle, juxta, sync].some((other) => other === column);
  return `${auxiliary ? 'An' : 'El'}_${'ABCDEFGHJKLMNOPR'.charAt(column % 16)}${Math.floor(column / 16) + 1}`;
}
