/** As much of the protobuf wire format as an `ActionResult` takes: fields of varints and of bytes. */

export type Field = { readonly field: number; readonly bytes: Uint8Array };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

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

/** The fields of bytes of a message, others skipped; undefined when it is no message. */
export function bytesFieldsOf(message: Uint8Array): readonly Field[] | undefined {
  const found: Field[] = [];
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
  while (at < message.length) {
    const key = readVarint();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (!(field >= 1)) return undefined;
    if (wire === VARINT) {
      if (Number.isNaN(readVarint())) return undefined;
      continue;
    }
    const length = wire === BYTES ? readVarint() : wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : Number.NaN;
    if (!(length <= message.length - at)) return undefined;
    if (wire === BYTES) found.push({ field, bytes: message.subarray(at, at + length) });
    at += length;
  }
  return found;
}
