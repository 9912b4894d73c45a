/** Damage at the level of bytes, as an arbitrary of fast-check: flips, cuts, insertions, doublings, splices. */
import fc from 'fast-check';

export type Damage = (bytes: Buffer) => Buffer;

/** A place in the bytes as a share of their length, so that it means the same when a counterexample shrinks. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, share: number): number => Math.floor(share * bytes.length);

const flip = fc.tuple(place, fc.nat(7)).map(
  ([share, bit]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      const index = at(bytes, share);
      if (copy.length > 0) copy[index] = (copy[index] ?? 0) ^ (1 << bit);
      return copy;
    },
);

const cut = place.map(
  (share): Damage =>
    (bytes) =>
      bytes.subarray(0, at(bytes, share)),
);

const insert = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 24 })).map(
  ([share, more]): Damage =>
    (bytes) =>
      Buffer.concat([bytes.subarray(0, at(bytes, share)), more, bytes.subarray(at(bytes, share))]),
);

const overwrite = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 24 })).map(
  ([share, more]): Damage =>
    (bytes) => {
      const copy = Buffer.from(bytes);
      copy.set(more.subarray(0, copy.length - at(bytes, share)), at(bytes, share));
      return copy;
    },
);

/** Takes a stretch from one place and puts it, or nothing, at another. */
const splice = fc.tuple(place, place, place, fc.boolean()).map(
  ([from, to, into, drop]): Damage =>
    (bytes) => {
      const [start, end] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
      if (drop) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      const target = at(bytes, into);
      return Buffer.concat([bytes.subarray(0, target), bytes.subarray(start, end), bytes.subarray(target)]);
    },
);

/** One to four of them, one after the other. */
export const damage: fc.Arbitrary<Damage> = fc
  .array(fc.oneof(flip, flip, cut, insert, overwrite, splice), { minLength: 1, maxLength: 4 })
  .map((steps) => (bytes) => steps.reduce((damaged, step) => step(damaged), bytes));

/** So many examples in `npm test`; `npm run fuzz` asks for more. */
export const examples = (few: number): { numRuns: number } => ({ numRuns: few * Number(process.env.FUZZ ?? 1) });
