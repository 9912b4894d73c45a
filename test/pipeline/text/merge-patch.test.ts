import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { readYaml } from '../../../src/pipeline/text/document.ts';
import { mergeDocument, mergePatch } from '../../../src/pipeline/text/merge-patch.ts';
import { type Node, toJson } from '../../../src/pipeline/text/node.ts';

function nodeOf(value: Json): Node {
  const { node } = readYaml({ name: 'x.yaml', text: JSON.stringify(value) });
  if (node === null) throw new Error('no value');
  return node;
}

const merged = (target: Json, patch: Json): Json => toJson(mergePatch(nodeOf(target), nodeOf(patch)));

// RFC 7396, appendix A.
test.each<[target: Json, patch: Json, result: Json]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('mergePatch of %j with %j is %j', (target, patch, result) => {
  expect(merged(target, patch)).toEqual(result);
});

const tree: fc.Arbitrary<Json> = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, 1, 'x', true),
    fc.array(tie('tree'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { maxKeys: 3 }),
  ),
})).tree;

const strip = (value: Json): Json => merged({}, { value: value ?? 0 });

test('mergePatch applied twice gives the same as applied once', () => {
  fc.assert(
    fc.property(tree, tree, (target, patch) => {
      const once = merged(target, patch);
      expect(merged(once, patch)).toEqual(once);
    }),
  );
});

test('mergePatch with an empty patch changes nothing, and never leaves the nulls of a patch', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b'), tree), tree, (target, patch) => {
      expect(merged(target, {})).toEqual(target);
      const noNulls = (value: Json): boolean =>
        typeof value !== 'object' || value === null || Array.isArray(value)
          ? value !== null
          : Object.values(value).every(noNulls);
      expect(noNulls(strip(patch))).toBe(true);
    }),
  );
});

test('mergePatch keeps the range of each value in its own source', () => {
  const target = readYaml({ name: 'pipeline.yaml', text: 'a: { b: 1, c: 2 }' }).node;
  const patch = readYaml({ name: '--profile', text: '{ a: { c: 3 } }' }).node;
  if (target === null || patch === null) throw new Error('no value');
  const result = mergePatch(target, patch);
  const inner = result.kind === 'map' ? result.entries.get('a') : undefined;
  const inside = inner?.value.kind === 'map' ? inner.value.entries : new Map();
  expect([inner?.key.source.name, inside.get('b')?.value.range.source.name]).toEqual([
    'pipeline.yaml',
    'pipeline.yaml',
  ]);
  expect([inside.get('c')?.key.source.name, inside.get('c')?.value.range.source.name]).toEqual([
    '--profile',
    '--profile',
  ]);
});

const map = fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree, { maxKeys: 3 });

function laidOver(included: Json, document: Json): Json {
  const [below, above] = [nodeOf(included), nodeOf(document)];
  if (below.kind !== 'map' || above.kind !== 'map') throw new Error('no map');
  return toJson(mergeDocument(below, above));
}

test('mergeDocument removes by null only what is included', () => {
  const included = { a: { x: 1, y: 2 }, b: 3 };
  expect(laidOver(included, { a: { x: null, z: null }, b: null, c: { d: null } })).toEqual({
    a: { y: 2, z: null },
    c: { d: null },
  });
});

test('mergeDocument over nothing gives the document, and else what mergePatch gives, nulls aside', () => {
  fc.assert(
    fc.property(map, map, (included, document) => {
      expect(laidOver({}, document)).toEqual(document);
      const withoutNulls = merged({}, document) as { readonly [name: string]: Json };
      expect(laidOver(included, withoutNulls)).toEqual(merged(included, withoutNulls));
    }),
  );
});
