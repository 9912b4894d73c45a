/** Bounds on JSON from elsewhere, checked before parsing: a few bytes can ask for a lot of memory or stack. */

/** A record nests six deep. */
const MOST_DEPTH = 16;
/** Objects, lists and their members: a folder of 100,000 files has about 600,000. */
const MOST_VALUES = 3_000_000;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Whether the bytes, if they are JSON at all, stay within the depth and the number of values of a record. */
export function isJsonBounded(bytes: Uint8Array): boolean {
  let [depth, values] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (OPENING.has(byte)) {
      depth++;
      values++;
    } else if (CLOSING.has(byte)) depth--;
    else if (byte === COMMA) values++;
    if (depth > MOST_DEPTH || values > MOST_VALUES) return false;
  }
  return true;
}

/** The end of the string that begins at `start`. No byte of a longer UTF-8 character equals a quote. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
