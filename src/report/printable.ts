import { stripVTControlCharacters } from 'node:util';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that others wrote (a program's log, a table's cell) without what would move the cursor, clear the screen or
 * turn the writing around. Of a line that was written over, as progress bars do, what stood there last is left.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').replace(/^.*\r/s, '').replaceAll('\t', '    ').replace(CONTROL, ''))
    .join('\n');
