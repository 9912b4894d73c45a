import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleTask } from '../../src/load/bundle.ts';
import { remember } from '../load/remembered.ts';
import { put } from '../store/temporary.ts';
import { examples } from './mutate.ts';

/** Imports in every possible way. A missing module is not an error, so that any tree can be bundled. */
const imported = ['./util', './util.js', './lib', './lib/a', 'dep', 'dep/sub', '#in', 'own/x', 'mine'];
const TASK = `
const found = [];
${imported.map((name) => `try { found.push(require('${name}')); } catch {}`).join('\n')}
export default { run: (n) => [found, require('./glob/' + n)] };
`;

const crossed = (names: readonly string[], ends: readonly string[]) =>
  names.flatMap((name) => ends.map((end) => name + end));

const modules = crossed(
  ['util', 'lib', 'lib/a', 'lib/index', 'lib/b', 'other/a', 'glob/a', 'glob/deep/b', 'x', 'store/mine1/index', 'b'],
  ['', '.ts', '.js', '.tsx', '.json', '.mts'],
);
const installed = crossed(
  ['node_modules/dep', 'lib/node_modules/dep', 'node_modules/deep', 'node_modules/dep/node_modules/deep', 'store/dep'],
  ['', '/index.js', '/sub.js', '/sub/index.js'],
);
const packages = ['node_modules/dep', 'lib/node_modules/dep', 'node_modules/deep', 'store/dep', 'store/mine1'];
const manifests = ['package.json', 'lib/package.json', ...packages.map((path) => `${path}/package.json`)];
const fields: readonly object[] = [
  {},
  { type: 'module' },
  { type: 'commonjs' },
  { main: './b' },
  { main: 'sub' },
  { sideEffects: false },
  { imports: { '#in': './x.ts' } },
  { imports: { '#in': './x.js' } },
  { imports: { '#in': 'dep' } },
  { name: 'own', exports: { './x': './x.js' } },
  { name: 'own', exports: { './x': './b.ts' } },
  { name: 'mine', version: '1.0.0' },
  { name: 'dep', version: '1.0.0', dependencies: { deep: '*' } },
  { name: 'dep', version: '2.0.0', exports: { '.': './index.js', './sub': './sub.js' } },
  { name: 'deep', version: '1.0.0' },
  { name: 'deep', version: '2.0.0' },
];
const texts = ['1', '2', "[1, (() => { try { return require('dep'); } catch {} })()]", "require('./b')"];

type Change = readonly [description: string, apply: (at: (path: string) => string) => void];

const write = (path: string, content: string): Change => [
  `write ${path}: ${content}`,
  (at) => {
    rmSync(at(path), { recursive: true, force: true });
    put(at(path), content);
  },
];
const link = (path: string, target: string): Change => [
  `link ${path} to ${target}`,
  (at) => {
    rmSync(at(path), { recursive: true, force: true });
    mkdirSync(dirname(at(path)), { recursive: true });
    symlinkSync(target, at(path));
  },
];
const remove = (path: string): Change => [`remove ${path}`, (at) => rmSync(at(path), { recursive: true, force: true })];

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...modules, ...installed), fc.constantFrom(...texts))
      .map(([path, text]) => write(path, path.endsWith('.json') ? '3' : `module.exports = ${text};\n`)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...manifests), fc.constantFrom(...fields))
      .map(([path, content]) => write(path, JSON.stringify(content))),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<readonly [string, string]>(
        ['node_modules/dep', '../store/dep'],
        ['node_modules/mine', '../store/mine1'],
        ['node_modules/mine', '../other'],
        ['lib', 'other'],
        ['util.js', 'x.js'],
        ['util.ts', 'b.ts'],
        ['lib/node_modules', '../store'],
        ['util', 'nowhere'],
      )
      .map(([path, target]) => link(path, target)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...modules, ...installed, ...manifests, ...packages, 'lib', 'glob').map(remove),
  },
);

/** Ignores changes that the tree does not allow, such as a file in a file. */
function apply(folder: string, [, make]: Change): void {
  try {
    make((path) => join(folder, path));
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR', 'ENOENT', 'EISDIR', 'ELOOP'].includes(String((error as { code?: string }).code)))
      throw error;
  }
}

test('bundling again gives the same as a remembered bundle that is still valid', async () => {
  let valid = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 14 }),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (first, then) => {
        const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundproof-test-')));
        try {
          put(join(folder, 'task.ts'), TASK);
          for (const change of first) apply(folder, change);
          const before = await bundleTask(folder, './task.ts');
          if (!before.ok) return;
          const remembered = await remember(folder);
          for (const change of then) apply(folder, change);
          if (!remembered.isValid()) return;
          valid++;
          const { trail: _trail, sources: _sources, ...code } = remembered.bundle;
          expect(await bundleTask(folder, './task.ts')).toMatchObject({ ok: true, value: code });
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    ),
    examples(60),
  );
  expect(valid).toBeGreaterThan(0);
});
