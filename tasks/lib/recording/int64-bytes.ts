/** Encodes values as little-endian bytes, regardless of the processor's byte order. */
export function int64Bytes(values: BigInt64Array): Uint8Array {
  const bytes = Buffer.alloc(values.byteLength);
  values.forEach((value, index) => {
    bytes.writeBigInt64LE(value, index * values.BYTES_PER_ELEMENT);
  });
  return bytes;
}
