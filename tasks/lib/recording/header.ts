/** Reads `STEM.txt`, the authors' notes on a recording: a `key = value` on each line. */
import { DataError } from 'groundproof/task';
import { printable } from './printable.ts';

/**
 * Returns the value of `padding`: the length in bytes of the header before the first MEA sample.
 *
 * @param file names the file in errors.
 * @throws DataError unless `padding` occurs exactly once, as a whole number of 0 or more.
 */
export function readPadding(text: string, file: string): number {
  if (text.includes('\0')) {
    throw new DataError(
      `${file} is not plain text: character ${text.indexOf('\0')} is a zero; expected 'key = value' lines in UTF-8 or ASCII: save it again as such`,
    );
  }
  const values = entries(text).filter(([key]) => key === 'padding');
  const value = values[0]?.[1];
  if (value === undefined) {
    const keys = entries(text).map(([key]) => printable(key));
    const found = keys.length === 0 ? 'no `key = value` line' : `only ${keys.slice(0, 12).join(', ')}`;
    throw new DataError(
      `${file} does not say where the MEA samples start: expected a line such as 'padding = 1871', found ${found}`,
    );
  }
  if (values.length > 1) {
    throw new DataError(
      `${file} has ${values.length} lines for padding (${values
        .slice(0, 4)
        .map(([, v]) => printable(v))
        .join(', ')}${values.length > 4 ? ', ...' : ''}), expected one`,
    );
  }
  const padding = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(padding)) {
    throw new DataError(
      `${file}: padding is '${printable(value)}', expected a whole number of bytes, in the digits 0 to 9`,
    );
  }
  return padding;
}

/** Returns the value of `modelled`, the parts of the recording that are synthetic, in words; null if it is absent. */
export function readModelled(text: string): string | null {
  const value = entries(text).find(([key]) => key === 'modelled')?.[1];
  return value ? printable(value, MODELLED_LENGTH) : null;
}

/** Enough for a sentence or two. */
const MODELLED_LENGTH = 300;

/** Returns keys and values in order; ignores lines without `=`. Accepts a byte order mark and any line ending. */
function entries(text: string): [key: string, value: string][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => [line, line.indexOf('=')] as const)
    .filter(([, equals]) => equals > 0)
    .map(([line, equals]) => [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]);
}
