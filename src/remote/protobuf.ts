/** As much of the protobuf wire format as an `ActionResult` takes: fields of varints and of bytes. */

const VARINT = 0;
const BYTES = 2;
/** How many bytes follow, by wire type. */
const FIXED: { readonly [wire: number]: number } = { 1: 8, 5: 4 };

/** A whole number up to 2^53, seven bits a byte, the lowest first. */
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

/** 0 is what an absent field means, and is left out as the format's own encoders do. */
export const numberField = (field: number, value: number): Uint8Array =>
  value === 0 ? new Uint8Array() : Buffer.concat([tag(field, VARINT), varint(value)]);

/** More than any result has: a folder of 100,000 files takes as many. */
const MOST_FIELDS = 1_000_000;

/**
 * Calls `heard` with each field of bytes and where its content begins and ends; other fields are skipped. Nothing is
 * kept, so a message of millions of fields costs no memory. False when it is no message, or has too many fields.
 */
export function eachBytesField(message: Uint8Array, heard: (field: number, from: number, to: number) => void): boolean {
  let at = 0;
  /** NaN when it is cut, or larger than any length could be. */
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
    if (wire === BYTES) heard(field, at, at + length);
    at += length;
  }
  return true;
}
