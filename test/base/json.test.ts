import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../src/base/json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** Reverses the order of the names in every object. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

/** Turns -0 into 0, which JSON does not tell apart. */
const normal = (value: Json): unknown => JSON.parse(JSON.stringify(value));

describe('canonical JSON follows the examples of RFC 8785', () => {
  test('section 3.2.2: numbers, escapes and literals', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('section 3.2.3: names sorted by UTF-16 code units, so characters beyond the BMP come before U+FB33', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7);
    // Digits that are array indexes come first in an object, so the text itself is looked at.
    expect([...canonicalJson(value).matchAll(/:(\d)/g)].map(([, number]) => number).join('')).toBe('2467153');
  });

  test.each([
    [-0, '0'],
    [5e-324, '5e-324'],
    [-1.7976931348623157e308, '-1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [1e21, '1e+21'],
    [999999999999999900000, '999999999999999900000'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [333333333.3333332, '333333333.3333332'],
  ])('appendix B: the number %d', (number, text) => expect(canonicalJson(number)).toBe(text));
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('canonical JSON rejects %d', (number) => {
  expect(() => canonicalJson([number])).toThrow('not a JSON number');
});

test('canonical JSON leaves undefined members out', () => {
  expect(canonicalJson({ a: 1, b: undefined } as unknown as Json)).toBe('{"a":1}');
});

test('canonical JSON treats an own __proto__ as an ordinary name', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":2}'))).toBe('{"__proto__":2,"b":1}');
});

test('canonical JSON parses to the same value, which prints as the same text', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(normal(value));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test('canonical JSON does not depend on the order of insertion', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
    }),
  );
});

test('different values have different canonical JSON', () => {
  // Values of few words, so that equal and nearly equal pairs do occur.
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.constantFrom<Json>(null, true, 'null', '', 'a', 'a,b', '"', 0, 1),
      fc.array(tie('tree'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'a:1'), tie('tree'), { maxKeys: 2 }),
    ),
  }));
  const sorted = (value: Json): Json => (value !== null && typeof value === 'object' ? normalOrder(value) : value);
  const normalOrder = (value: Json): Json =>
    Array.isArray(value)
      ? value.map(sorted)
      : Object.fromEntries(
          Object.entries(value as object)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, member]) => [name, sorted(member)]),
        );
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
    }),
    { numRuns: 2000 },
  );
});
