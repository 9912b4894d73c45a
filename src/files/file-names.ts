/**
 * Names of files as text. Linux allows any bytes in a name: bytes that are not UTF-8 become lone surrogates, U+DC80 to
 * U+DCFF. Valid UTF-8 never decodes to a lone surrogate, so different names have different texts, and each text can be
 * turned back into its bytes.
 */
import { isUtf8 } from 'node:buffer';
import { isAbsolute } from 'node:path';

const ESCAPE = 0xdc00;

/** Whether the bytes of the name are UTF-8. */
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

/** Turns a path back into the form that `node:fs` takes: a string if the name is UTF-8, which is cheaper, else bytes. */
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

/** Whether a relative path stays inside the folder it is joined to. For paths from files that may have been forged. */
export const isInside = (path: string): boolean => !isAbsolute(path) && !path.split('/').includes('..');
