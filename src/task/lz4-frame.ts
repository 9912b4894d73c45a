/**
 * Decompresses LZ4 frames (LZ4 Frame Format 1.6, LZ4 Block Format), which Arrow files of pandas are compressed with.
 * No package on npm does without native code and checks its bounds. Checksums are not read: Arrow's own lengths tell.
 */
const MAGIC = 0x184d2204;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY_ID = 0x01;
/** A block that did not become smaller is stored as it is. */
const STORED = 0x80000000;

/** @throws Error if the frame is damaged or cut off */
export function decompressLz4(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('not an LZ4 frame');
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1 || flags & DICTIONARY_ID) throw new Error('an LZ4 frame of an unknown kind');
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0);
  const output = new Output();
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return output.bytes();
    const size = word & ~STORED;
    if (at + size > frame.length) throw new Error('an LZ4 frame that is cut off');
    const block = frame.subarray(at, at + size);
    if (word & STORED) output.append(block);
    else decompressBlock(block, output);
    at += size + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
}

/** A block is sequences of literals and matches; a match repeats what was written up to 64 kB before, in earlier blocks too. */
function decompressBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const next = (): number => {
    const byte = block[at++];
    if (byte === undefined) throw new Error('an LZ4 block that is cut off');
    return byte;
  };
  /** A length of 15 goes on in the following bytes, until one is below 255. */
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let byte = 255; byte === 255; length += byte) byte = next();
    return length;
  };
  while (at < block.length) {
    const token = next();
    const literals = lengthOf(token >> 4);
    if (at + literals > block.length) throw new Error('an LZ4 block that is cut off');
    output.append(block.subarray(at, at + literals));
    at += literals;
    // The last sequence has no match.
    if (at === block.length) return;
    const distance = next() | (next() << 8);
    output.repeat(distance, lengthOf(token & 15) + 4);
  }
}

/** Bytes that grow as they are written. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes again what stands `distance` before the end; a distance below the length repeats what it writes. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#length) throw new Error('an LZ4 match from before the beginning');
    this.#reserve(length);
    const end = this.#length + length;
    for (; this.#length < end; this.#length++) {
      this.#bytes[this.#length] = this.#bytes[this.#length - distance] ?? 0;
    }
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(length: number): void {
    const wanted = this.#length + length;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
