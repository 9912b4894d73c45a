/**
 * Whole numbers as short text: Rice codes (Rice and Plaunt 1971), as lossless audio formats use them, in base64;
 * what is far out, a spike among noise, ends in an Elias gamma code. Unlike a compressor's, these bytes are the same with every version of Node; a page decodes them in milliseconds.
 */

/** Of a code, the most ones: then what is left is written by its own length. */
const LONGEST = 6;
const FULL = 32;

/** Small numbers of either sign become short. Each must lie within +-2^30. */
export function riceText(values: ArrayLike<number>): string {
  const shift = bestShift(values);
  const bits = bitWriter();
  bits.write(values.length, FULL);
  bits.write(shift, 8);
  for (let i = 0; i < values.length; i++) {
    const value = zigzag(values[i] as number);
    const ones = value >>> shift;
    if (ones < LONGEST) {
      bits.write((1 << (ones + 1)) - 2, ones + 1);
      bits.write(value, shift);
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

/** How many low bits to write as they are: whatever makes the text shortest. */
function bestShift(values: ArrayLike<number>): number {
  let best = 0;
  let fewest = Infinity;
  for (let shift = 0; shift < 24; shift++) {
    let bits = 0;
    for (let i = 0; i < values.length; i++) {
      const value = zigzag(values[i] as number);
      const ones = value >>> shift;
      bits += ones < LONGEST ? ones + 1 + shift : LONGEST - 1 + 2 * lengthOf(value - (LONGEST << shift) + 1);
    }
    if (bits < fewest) [best, fewest] = [shift, bits];
  }
  return best;
}

function bitWriter() {
  let binary = '';
  let byte = 0;
  let used = 0;
  return {
    /** The low `count` bits of `value`, highest first. */
    write(value: number, count: number) {
      for (let i = count - 1; i >= 0; i--) {
        byte = (byte << 1) | ((value >>> i) & 1);
        if (++used === 8) {
          binary += String.fromCharCode(byte);
          byte = 0;
          used = 0;
        }
      }
    },
    text: () => btoa(used === 0 ? binary : binary + String.fromCharCode(byte << (8 - used))),
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
