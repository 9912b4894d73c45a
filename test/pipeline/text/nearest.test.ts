import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest, nearestToPattern } from '../../../src/pipeline/text/nearest.ts';

test.each([
  ['detetc', ['unzip', 'detect'], 'detect'],
  ['juxtra', ['mea', 'juxta'], 'juxta'],
  ['mad_multipler', ['mad_multiplier', 'half_width'], 'mad_multiplier'],
  ['Detect', ['detect'], 'detect'],
  ['uses', ['use'], 'use'],
  ['nosie', ['noise', 'nose'], 'noise'],
])('nearest to %s in %j is %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test.each([
  ['a', ['b']],
  ['x', ['xy']],
  ['mea', ['sum']],
  ['histogram', ['waveforms']],
  ['detect', []],
])('nearest finds nothing for %s in %j', (name, candidates) => {
  expect(nearest(name, candidates)).toBeUndefined();
});

test.each([
  ['detct*', ['unzip', 'detect'], 'detect'],
  ['*@2071*', ['detect@1999_a', 'detect@2017_b', 'snr@2017_b'], 'detect@2017_b'],
  ['*NOISE', ['noise', 'a_noise'], 'noise'],
  ['zzz*', ['unzip', 'detect'], undefined],
  ['**', ['unzip'], 'unzip'],
  [`${'a'.repeat(200)}*`, ['a'.repeat(200)], undefined],
])('nearest to the pattern %s in %j is %s', (pattern, candidates, expected) => {
  expect(nearestToPattern(pattern, candidates)).toBe(expected);
});

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });

test('editDistance is symmetric, and zero only for equal words', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('editDistance is 1 for a drop, a double letter, a change and a swap', () => {
  const long = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(long, fc.nat(), fc.constantFrom('drop', 'double', 'change', 'swap'), (name, at, edit) => {
      const i = at % (name.length - 1);
      const rest = name.slice(i + 1);
      const edited = {
        drop: name.slice(0, i) + rest,
        double: name.slice(0, i + 1) + name.charAt(i) + rest,
        change: `${name.slice(0, i)}z${rest}`,
        swap: name.slice(0, i) + rest.charAt(0) + name.charAt(i) + rest.slice(1),
      }[edit];
      expect(editDistance(name, edited)).toBe(edited === name ? 0 : 1);
      if (edited !== name)
        expect(nearest(edited, [name])).toBe(edited.length < 3 && name.length < 3 ? undefined : name);
    }),
  );
});

test('nearest returns the candidate with the fewest edits, but never the name itself', () => {
  fc.assert(
    fc.property(word, fc.array(word), (name, candidates) => {
      const found = nearest(name, candidates);
      if (found === undefined) return;
      expect(candidates).toContain(found);
      expect(found).not.toBe(name);
      const distances = candidates.filter((other) => other !== name).map((other) => editDistance(name, other));
      expect(editDistance(name, found)).toBe(Math.min(...distances));
    }),
  );
});
