/**
 * Whole numbers as short text: Rice codes (Rice and Plaunt 1971), as lossless audio formats use them, in base64;
 * what is far out, a spike among noise, ends in an Elias gamma code. Unlike a compressor's, these bytes are the same with every version of Node; a page decodes them in milliseconds.
 */

/** Of a code, the most ones: then what is left is written by its own length. */
const LONGEST = 6;
const FULL = 32;

/** Small numbers of either sign become short. Each must lie within +-2^30. */
export function riceText(numbers: ArrayLike<number>): string {
  const values = new Uint32Array(numbers.length);
  for (let i = 0; i < values.length; i++) values[i] = zigzag(numbers[i] as number);
  const { shift, size } = bestShift(values);
  const bits = bitWriter(FULL + 8 + size);
  bits.write(values.length, FULL);
  bits.write(shift, 8);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const ones = value >>> shift;
    if (ones < LONGEST) {
      bits.write((((1 << (ones + 1)) - 2) << shift) | (value & ((1 << shift) - 1)), ones + 1 + shift);
    } else {
      const rest = value - (LONGEST << shift) + 1;
      bits.write((1 << LONGEST) - 1, LONGEST);
      bits.write(0, lengthOf(rest) - 1);
      bits.write(rest, lengthOf(rest));
    }
  }
  return bits.text();
}

/** What `riceText` was given. */
export function riceValues(text: string): Int32Array {
  const read = bitReader(text);
  const values = new Int32Array(read(FULL));
  const shift = read(8);
  for (let i = 0; i < values.length; i++) {
    let ones = 0;
    while (ones < LONGEST && read(1) === 1) ones++;
    values[i] = unzigzag(ones < LONGEST ? (ones << shift) + read(shift) : (LONGEST << shift) - 1 + gamma(read));
  }
  return values;
}

/** Bits of a number of 1 or more. */
const lengthOf = (value: number): number => FULL - Math.clz32(value);

function gamma(read: (count: number) => number): number {
  let zeros = 0;
  while (read(1) === 0) zeros++;
  return (1 << zeros) + read(zeros);
}

/** 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4. */
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
const unzigzag = (value: number): number => (value >>> 1) ^ -(value & 1);

/** How many low bits to write as they are: whatever makes the text shortest, with how many bits all values have then. */
function bestShift(values: Uint32Array): { readonly shift: number; readonly size: number } {
  let best = { shift: 0, size: Infinity };
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number);
  // Beyond the largest value's own bits, each further one only makes every code longer.
  for (let shift = 0; shift < 24 && shift <= lengthOf(largest); shift++) {
    let size = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const ones = value >>> shift;
      size += ones < LONGEST ? ones + 1 + shift : LONGEST - 1 + 2 * lengthOf(value - (LONGEST << shift) + 1);
    }
    if (size < best.size) best = { shift, size };
  }
  return best;
}

function bitWriter(size: number) {
  const bytes = new Uint8Array(Math.ceil(size / 8));
  let at = 0;
  return {
    /** The low `count` bits of `value`, highest first. */
    write(value: number, count: number) {
      for (let left = count; left > 0; ) {
        const room = 8 - (at & 7);
        const some = Math.min(room, left);
        left -= some;
        const bits = (value >>> left) & ((1 << some) - 1);
        bytes[at >> 3] = (bytes[at >> 3] as number) | (bits << (room - some));
        at += some;
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
