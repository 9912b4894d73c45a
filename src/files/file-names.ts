/**
 * Names of files as text. Linux takes any bytes for a name; bytes that are not UTF-8 become lone surrogates, U+DC80 to
 * U+DCFF, one a byte. Valid UTF-8 never gives a lone surrogate, so the text stands for one name only, and leads back to it.
 */
import { isUtf8 } from 'node:buffer';
import { isAbsolute } from 'node:path';

const ESCAPE = 0xdc00;

/** Whether the name of this text is UTF-8. */
export const isUtf8Name = (text: string): boolean => text.isWellFormed();

export function textOfName(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8');
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find((bytes) => at + bytes <= name.length && isUtf8(name.subarray(at, at + bytes)));
    text +=
      length === undefined ? String.fromCharCode(ESCAPE + (name[at] ?? 0)) : name.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}

/** A path as the file system takes it: text where it can be, which is cheaper. */
export function systemPath(path: string): string | Buffer {
  if (isUtf8Name(path)) return path;
  return Buffer.concat(
    Array.from(path, (character) => {
      const code = character.charCodeAt(0);
      const isByte = character.length === 1 && code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff;
      return isByte ? Buffer.of(code - ESCAPE) : Buffer.from(character);
    }),
  );
}

/** Whether a relative path, from a file that somebody else may have written, stays below the folder it is joined to. */
export const isInside = (path: string): boolean => !isAbsolute(path) && !path.split('/').includes('..');
