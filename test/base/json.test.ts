import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../src/base/json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** The same value with the names of every object in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

/** JSON has one zero. */
const normal = (value: Json): unknown => JSON.parse(JSON.stringify(value));

describe('the examples of RFC 8785', () => {
  test('3.2.2: numbers, escapes and literals', () => {
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

  test('3.2.3: names in the order of their UTF-16 units, so that what is beyond the BMP comes before U+FB33', () => {
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
  ])('appendix B: %d', (number, text) => expect(canonicalJson(number)).toBe(text));
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d has no text', (number) => {
  expect(() => canonicalJson([number])).toThrow('not a JSON number');
});

test('a member that is undefined is not there', () => {
  expect(canonicalJson({ a: 1, b: undefined } as unknown as Json)).toBe('{"a":1}');
});

test('an own __proto__ is a name like others', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":2}'))).toBe('{"__proto__":2,"b":1}');
});

test('it parses back to the value, and says the same again', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(normal(value));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test('the order of insertion does not matter', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
    }),
  );
});

test('different values have different texts', () => {
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
