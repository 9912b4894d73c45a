/**
 * Encodes whole numbers as short text: Rice codes (Rice and Plaunt 1971), as used by lossless audio formats, in base64.
 * Large outliers, such as a spike among noise, end in an Elias gamma code. Unlike a compressor's output, these bytes
 * are the same with every version of Node, and a page decodes them in milliseconds.
 */

/** Largest number of ones in a code; an Elias gamma code of the rest follows them. */
const MAX_ONES = 6;
const WORD = 32;

/** Encodes numbers within +-2^30; small numbers of either sign take few bits. */
export function riceText(numbers: ArrayLike<number>): string {
  const values = new Uint32Array(numbers.length);
  for (let i = 0; i < values.length; i++) values[i] = zigzag(numbers[i] as number);
  const { shift, size } = bestShift(values);
  const bits = bitWriter(WORD + 8 + size);
  bits.write(values.length, WORD);
  bits.write(shift, 8);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const ones = value >>> shift;
    if (ones < MAX_ONES) {
      bits.write((((1 << (ones + 1)) - 2) << shift) | (value & ((1 << shift) - 1)), ones + 1 + shift);
    } else {
      const rest = value - (MAX_ONES << shift) + 1;
      bits.write((1 << MAX_ONES) - 1, MAX_ONES);
      bits.write(0, lengthOf(rest) - 1);
      bits.write(rest, lengthOf(rest));
    }
  }
  return bits.text();
}

/** Decodes the text of `riceText`. */
export function riceValues(text: string): Int32Array {
  const read = bitReader(text);
  const values = new Int32Array(read(WORD));
  const shift = read(8);
  for (let i = 0; i < values.length; i++) {
    let ones = 0;
    while (ones < MAX_ONES && read(1) === 1) ones++;
    values[i] = unzigzag(ones < MAX_ONES ? (ones << shift) + read(shift) : (MAX_ONES << shift) - 1 + gamma(read));
  }
  return values;
}

/** Number of bits of a number of 1 or more. */
const lengthOf = (value: number): number => WORD - Math.clz32(value);

function gamma(read: (count: number) => number): number {
  let zeros = 0;
  while (read(1) === 0) zeros++;
  return (1 << zeros) + read(zeros);
}

/** Maps 0, -1, 1, -2, 2 to 0, 1, 2, 3, 4. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

/** Finds the number of low bits written verbatim that gives the shortest text, and the size of that text in bits. */
function bestShift(values: Uint32Array): { readonly shift: number; readonly size: number } {
  let best = { shift: 0, size: Infinity };
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number);
  // A shift beyond the largest value's own bits only makes every code longer.
  for (let shift = 0; shift < 24 && shift <= lengthOf(largest); shift++) {
    let size = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const ones = value >>> shift;
      size += ones < MAX_ONES ? ones + 1 + shift : MAX_ONES - 1 + 2 * lengthOf(value - (MAX_ONES << shift) + 1);
    }
    if (size < best.size) best = { shift, size };
  }
  return best;
}

function bitWriter(size: number) {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  let at = 0;
  return {
    /** Writes the low `count` bits of `value`, highest first. */
    write(value: number, count: number) {
      for (let left = count; left > 0; ) {
        const free = 8 - (at & 7);
        const taken = Math.min(free, left);
        left -= taken;
        const bits = (value >>> left) & ((1 << taken) - 1);
        bytes[at >> 3] = (bytes[at >> 3] as number) | (bits << (free - taken));
        at += taken;
      }
    },
    text() {
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    },
  };
}

function bitReader(text: string): (count: number) => number {
  const binary = atob(text);
  let at = 0;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      value = value * 2 + ((binary.charCodeAt(at >> 3) >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}
