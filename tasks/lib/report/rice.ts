/**
 * Whole numbers as short text: Rice codes (Rice and Plaunt 1971), as lossless audio formats use them, in base64.
 * Unlike a compressor's, these bytes are the same with every version of Node; a page decodes them in milliseconds.
 */

/** Of a code, the most ones before the rest is written out in full. */
const LONGEST = 12;
const FULL = 32;

/** Small numbers of either sign become short. Each must fit 32 bits. */
export function riceText(values: ArrayLike<number>): string {
  const shift = bestShift(values);
  const bits = bitWriter();
  bits.write(values.length, FULL);
  bits.write(shift, 8);
  for (let i = 0; i < values.length; i++) {
    const value = zigzag(values[i] as number);
    const ones = shift < FULL ? value >>> shift : 0;
    if (ones < LONGEST) {
      bits.write((1 << (ones + 1)) - 2, ones + 1);
      if (shift > 0) bits.write(value, shift);
    } else {
      bits.write((1 << LONGEST) - 1, LONGEST);
      bits.write(value, FULL);
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
    const value = ones === LONGEST ? read(FULL) : ones * 2 ** shift + read(shift);
    values[i] = unzigzag(value);
  }
  return values;
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
      const ones = zigzag(values[i] as number) >>> shift;
      bits += ones < LONGEST ? ones + 1 + shift : LONGEST + FULL;
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
