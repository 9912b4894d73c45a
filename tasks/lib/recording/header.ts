/** `STEM.txt`: what the authors noted about a recording, one `key = value` a line. */
import { DataError } from 'groundproof/task';
import { shown } from './shown.ts';

/**
 * The length in bytes of the header before the first MEA sample: the value of `padding`.
 *
 * @param file names the file in errors.
 * @throws DataError unless `padding` stands there once, as a whole number of 0 or more.
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
    const keys = entries(text).map(([key]) => key);
    throw new DataError(
      `${file} does not say where the MEA samples start: expected a line such as 'padding = 1871', ` +
        `found ${
          keys.length === 0
            ? 'no `key = value` line'
            : `only ${keys
                .slice(0, 12)
                .map((key) => shown(key))
                .join(', ')}`
        }`,
    );
  }
  if (values.length > 1) {
    throw new DataError(
      `${file} has ${values.length} lines for padding (${values
        .slice(0, 4)
        .map(([, v]) => shown(v))
        .join(', ')}${values.length > 4 ? ', ...' : ''}), expected one`,
    );
  }
  const padding = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(padding)) {
    throw new DataError(
      `${file}: padding is '${shown(value)}', expected a whole number of bytes, in the digits 0 to 9`,
    );
  }
  return padding;
}

/** Reads `modelled`: which parts of the recording are made up, in words. Null where nothing says so. */
export function readModelled(text: string): string | null {
  const value = entries(text).find(([key]) => key === 'modelled')?.[1];
  return value ? shown(value, MODELLED_LENGTH) : null;
}

/** A sentence or two. */
const MODELLED_LENGTH = 300;

/** Keys and values in order; lines without `=` say nothing. A byte order mark and any line ending are fine. */
function entries(text: string): [key: string, value: string][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => [line, line.indexOf('=')] as const)
    .filter(([, equals]) => equals > 0)
    .map(([line, equals]) => [line.slice(0, equals).trim(), line.slice(equals + 1).trim()]);
}
