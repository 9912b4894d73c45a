/** The part of the protobuf wire format that an `ActionResult` needs: fields of varints and of bytes. */

const VARINT = 0;
const BYTES = 2;
/** Length in bytes by wire type. */
const FIXED: { readonly [wire: number]: number } = { 1: 8, 5: 4 };

/** Encodes a whole number up to 2^53, seven bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

const tag = (field: number, wire: number): Uint8Array => varint(field * 8 + wire);

export function bytesField(field: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([tag(field, BYTES), varint(bytes.length), bytes]);
}

/** Leaves out 0, which an absent field means, as other encoders do. */
export const numberField = (field: number, value: number): Uint8Array =>
  value === 0 ? new Uint8Array() : Buffer.concat([tag(field, VARINT), varint(value)]);

/** More than any result has (a folder of 100,000 files takes as many). */
const MOST_FIELDS = 1_000_000;

/**
 * Calls `onField` with each field of bytes, and the start and end of its content; skips other fields. Keeps nothing, so a
 * message of millions of fields costs no memory. False if the bytes are not a message, or have too many fields.
 */
export function eachBytesField(
  message: Uint8Array,
  onField: (field: number, from: number, to: number) => void,
): boolean {
  let at = 0;
  /** NaN if it is cut, or larger than any length could be. */
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte % 128) * 2 ** (7 * shift);
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  for (let fields = 0; at < message.length; fields++) {
    const key = readVarint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (fields === MOST_FIELDS || !(field >= 1)) return false;
    if (wire === VARINT) {
      if (Number.isNaN(readVarint())) return false;
      continue;
    }
    const length = wire === BYTES ? readVarint() : (FIXED[wire] ?? Number.NaN);
    if (!(length <= message.length - at)) return false;
    if (wire === BYTES) onField(field, at, at + length);
    at += length;
  }
  return true;
}
