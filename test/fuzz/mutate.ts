/** Damages bytes, as an arbitrary of fast-check: flips, cuts, insertions, overwrites, splices. */
import fc from 'fast-check';

export type Damage = (bytes: Buffer) => Buffer;

/** An index as a share of the length, so that it keeps its meaning when fast-check shrinks a counterexample. */
const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, share: number): number => Math.floor(share * bytes.length);

const flip = fc.tuple(position, fc.nat(7)).map(
  ([share, bit]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      const index = at(bytes, share);
      if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      return copy;
    },
);

const cut = position.map(
  (share): Damage =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

const insert = fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 24 })).map(
  ([share, more]): Damage =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, at(bytes, share)), more, bytes.subarray(at(bytes, share))]),
);

const overwrite = fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 24 })).map(
  ([share, more]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.set(more.subarray(0, copy.length - at(bytes, share)), at(bytes, share));
      return copy;
    },
);

/** Removes a stretch of bytes, or inserts a copy of it elsewhere. */
const splice = fc.tuple(position, position, position, fc.boolean()).map(
  ([from, to, into, drop]): Damage =>
    (bytes) => {
      const [start, end] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
      if (drop) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      const target = at(bytes, into);
      return Buffer.concat([bytes.subarray(0, target), bytes.subarray(start, end), bytes.subarray(target)]);
    },
);

/** Up to four damages in sequence. */
export const damage: fc.Arbitrary<Damage> = fc
  .array(fc.oneof(flip, flip, cut, insert, overwrite, splice), { minLength: 1, maxLength: 4 })
  .map((steps) => (bytes) => steps.reduce((damaged, step) => step(damaged), bytes));

/** The number of examples in `npm test`; `npm run fuzz` multiplies it. */
export const examples = (few: number): { numRuns: number } => ({ numRuns: few * Number(process.env.FUZZ ?? 1) });
