import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../src/base/json.ts';
import { digestOf } from '../../src/files/digest.ts';
import { keyOf, type Preimage } from '../../src/store/key.ts';
import { anyPair, anyPreimage } from './any-preimage.ts';

const module: Preimage = {
  format: 1,
  task: { kind: 'module', code: digestOf('code'), packages: ['@stdlib/ln@0.2.5', 'vega@6.4.0'] },
  params: { mad_multiplier: 8, dead_time: 0.5, name: 'patch', window: null },
  inputs: {
    juxta: { digest: digestOf('juxta'), extension: '.raw' },
    triggers: { absent: true },
    verdicts: {
      gathered: [
        { recording: 'b', digest: digestOf('b'), extension: '.arrow' },
        { recording: 'a', absent: true },
      ],
    },
  },
  outputs: {
    peaks: {
      kind: 'table',
      csv: true,
      table: { description: 'Peaks', columns: { at: { type: 'int64', unit: 'samples', description: 'Where' } } },
    },
    waves: { kind: 'file', extension: '.raw', optional: true },
  },
};

const shell: Preimage = {
  ...module,
  task: { kind: 'shell', command: 'python {inputs.script}', env: { OMP_NUM_THREADS: '1' }, recording: 'a' },
};

test('keyOf returns the same keys as earlier versions', () => {
  expect(keyOf(module)).toBe('17f978e62f7f2c4a9d55a66f7e33439d491f2d5fa9933b5a5baa19ae1ed59d58');
  expect(keyOf(shell)).toBe('11bc253e1e699bc28f19395560b79835170706335f74ee439c75ca2e1b236335');
});

test('keyOf returns the digest of the canonical JSON, so other programs can compute it', () => {
  expect(keyOf(module)).toBe(digestOf(canonicalJson(module as unknown as Json)));
});

/** Every way to change a value, a name or a length somewhere in a JSON value. */
function* variants(value: Json): Generator<Json> {
  if (value === null) yield 0;
  else if (typeof value === 'string') yield `${value}.`;
  else if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'boolean') yield !value;
  else if (Array.isArray(value)) {
    yield [...value, 'more'];
    if (value.length > 1) yield [...value].reverse();
    for (const [i, item] of value.entries()) {
      yield value.filter((_, k) => k !== i);
      for (const other of variants(item)) yield value.map((own, k) => (k === i ? other : own));
    }
  } else {
    const entries = Object.entries(value);
    yield { ...value, more: null };
    for (const [name, member] of entries) {
      const rest = Object.fromEntries(entries.filter(([other]) => other !== name));
      yield rest;
      yield { ...rest, [`${name}.`]: member };
      for (const other of variants(member)) yield { ...value, [name]: other };
    }
  }
}

describe('a key depends on every value of its preimage', () => {
  test.each([
    ['module', module],
    ['shell', shell],
  ])('of a %s task', (_, preimage) => {
    const all = [preimage as unknown as Json, ...variants(preimage as unknown as Json)];
    expect(all.length).toBeGreaterThan(50);
    const keys = new Set(all.map((one) => keyOf(one as unknown as Preimage)));
    expect(keys.size).toBe(new Set(all.map((one) => canonicalJson(one))).size);
    expect(keys.size).toBeGreaterThan(all.length - 5);
  });

  test('and only on those: equal preimages have equal keys', () => {
    const pair = fc.oneof(fc.tuple(anyPreimage, anyPreimage), anyPair);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const equal = canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json);
        expect(keyOf(a) === keyOf(b)).toBe(equal);
        expect(keyOf(JSON.parse(JSON.stringify(a)))).toBe(keyOf(a));
      }),
      { numRuns: 500 },
    );
  });
});
