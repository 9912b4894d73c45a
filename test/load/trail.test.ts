import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleTask } from '../../src/load/bundle.ts';
import { put, temporaryFolder } from '../store/temporary.ts';
import { remember } from './remembered.ts';

interface Tree {
  readonly folder: string;
  write(path: string, content: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  rename(from: string, to: string): void;
}

function treeOf(files: { readonly [path: string]: string }): Tree {
  const folder = temporaryFolder();
  const at = (path: string) => join(folder, path);
  const tree: Tree = {
    folder,
    write: (path, content) => put(at(path), content),
    link(path, target) {
      rmSync(at(path), { recursive: true, force: true });
      mkdirSync(dirname(at(path)), { recursive: true });
      symlinkSync(target, at(path));
    },
    remove: (path) => rmSync(at(path), { recursive: true }),
    rename: (from, to) => renameSync(at(from), at(to)),
  };
  for (const [path, content] of Object.entries(files)) tree.write(path, content);
  return tree;
}

const importing = (name: string) => `import * as it from '${name}';\nexport default { run: () => it };\n`;
const one = 'export const value = 1;\n';
const two = 'export const value = 2;\n';
const manifest = (fields: object) => JSON.stringify(fields);

interface Case {
  /** The task and the files that it imports. */
  readonly files: { readonly [path: string]: string };
  readonly prepare?: (tree: Tree) => void;
  readonly change: (tree: Tree) => void;
}

/** After each of these changes an import finds other code, although no bundled file has changed. */
const changes: { readonly [title: string]: Case } = {
  'a TypeScript file beside the JavaScript file that was found': {
    files: { 'task.ts': importing('./util'), 'util.js': one },
    change: ({ write }) => write('util.ts', two),
  },
  'a file without an extension beside the file that was found': {
    files: { 'task.ts': importing('./util'), 'util.ts': one },
    change: ({ write }) => write('util', two),
  },
  'a compiled file beside the source that stood for it': {
    files: { 'task.ts': importing('./util.js'), 'util.ts': one },
    change: ({ write }) => write('util.js', two),
  },
  'a file beside the folder whose index was found': {
    files: { 'task.ts': importing('./lib/sh'), 'lib/sh/index.ts': one },
    change: ({ write }) => write('lib/sh.ts', two),
  },
  'an index file that comes before the found index file': {
    files: { 'task.ts': importing('./lib'), 'lib/index.js': one },
    change: ({ write }) => write('lib/index.ts', two),
  },
  'a package.json with main in a folder whose index was found': {
    files: { 'task.ts': importing('./lib'), 'lib/index.ts': one, 'lib/main.ts': two },
    change: ({ write }) => write('lib/package.json', manifest({ main: './main.ts' })),
  },
  'another main in a package.json without a name': {
    files: { 'task.ts': importing('./lib'), 'lib/package.json': '{ "main": "a" }', 'lib/a.ts': one, 'lib/b.ts': two },
    change: ({ write }) => write('lib/package.json', '{ "main": "b" }'),
  },
  'another file for #imports in a package.json without a name': {
    files: {
      'task.ts': importing('#util'),
      'package.json': manifest({ imports: { '#util': './a.ts' } }),
      'a.ts': one,
      'b.ts': two,
    },
    change: ({ write }) => write('package.json', manifest({ imports: { '#util': './b.ts' } })),
  },
  'a nearer package.json with #imports': {
    files: {
      'task.ts': importing('./lib/a.ts'),
      'lib/a.ts': "export { value } from '#util';\n",
      'package.json': manifest({ imports: { '#util': './one.ts' } }),
      'one.ts': one,
      'two.ts': two,
      'lib/two.ts': two,
    },
    change: ({ write }) => write('lib/package.json', manifest({ imports: { '#util': './two.ts' } })),
  },
  'a nearer installation of a package that #imports leads to': {
    files: {
      'pipe/task.ts': importing('#dep'),
      'pipe/package.json': manifest({ imports: { '#dep': 'dep' } }),
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'node_modules/dep/index.js': one,
    },
    change({ write }) {
      write('pipe/node_modules/dep/package.json', manifest({ name: 'dep', version: '2.0.0' }));
      write('pipe/node_modules/dep/index.js', two);
    },
  },
  'a nested installation that comes before the found package': {
    files: {
      'task.ts': importing('./lib/a.ts'),
      'lib/a.ts': "export * from 'dep';\n",
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'node_modules/dep/index.js': one,
    },
    change({ write }) {
      write('lib/node_modules/dep/package.json', manifest({ name: 'dep', version: '2.0.0' }));
      write('lib/node_modules/dep/index.js', two);
    },
  },
  'a nested installation of a package that another package needs': {
    files: {
      'task.ts': importing('dep'),
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0', dependencies: { deep: '*' } }),
      'node_modules/dep/index.js': one,
      'node_modules/deep/package.json': manifest({ name: 'deep', version: '1.0.0' }),
    },
    change: ({ write }) =>
      write('node_modules/dep/node_modules/deep/package.json', manifest({ name: 'deep', version: '2.0.0' })),
  },
  'an optional package that is installed later': {
    files: {
      'task.ts': importing('dep'),
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0', optionalDependencies: { deep: '*' } }),
      'node_modules/dep/index.js': one,
    },
    change: ({ write }) => write('node_modules/deep/package.json', manifest({ name: 'deep', version: '1.0.0' })),
  },
  'a package that the code tries to require, installed later': {
    files: { 'task.ts': "let it;\ntry { it = require('maybe'); } catch {}\nexport default { run: () => it };\n" },
    change({ write }) {
      write('node_modules/maybe/package.json', manifest({ name: 'maybe', version: '1.0.0' }));
      write('node_modules/maybe/index.js', 'module.exports = 1;\n');
    },
  },
  'a file that the code tries to require, written later': {
    files: { 'task.ts': "let it;\ntry { it = require('./maybe'); } catch {}\nexport default { run: () => it };\n" },
    change: ({ write }) => write('maybe.ts', one),
  },
  'a link of pnpm to another version': {
    files: {
      'task.ts': importing('dep'),
      'node_modules/.pnpm/dep@1.0.0/node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'node_modules/.pnpm/dep@1.0.0/node_modules/dep/index.js': one,
      'node_modules/.pnpm/dep@2.0.0/node_modules/dep/package.json': manifest({ name: 'dep', version: '2.0.0' }),
      'node_modules/.pnpm/dep@2.0.0/node_modules/dep/index.js': two,
    },
    prepare: ({ link }) => link('node_modules/dep', '.pnpm/dep@1.0.0/node_modules/dep'),
    change: ({ link }) => link('node_modules/dep', '.pnpm/dep@2.0.0/node_modules/dep'),
  },
  'a link of pnpm from a package to another version of a package that it needs': {
    files: {
      'task.ts': importing('dep'),
      'node_modules/.pnpm/dep@1/node_modules/dep/package.json': manifest({
        name: 'dep',
        version: '1.0.0',
        dependencies: { deep: '*' },
      }),
      'node_modules/.pnpm/dep@1/node_modules/dep/index.js': one,
      'node_modules/.pnpm/deep@1/node_modules/deep/package.json': manifest({ name: 'deep', version: '1.0.0' }),
      'node_modules/.pnpm/deep@2/node_modules/deep/package.json': manifest({ name: 'deep', version: '2.0.0' }),
    },
    prepare({ link }) {
      link('node_modules/dep', '.pnpm/dep@1/node_modules/dep');
      link('node_modules/.pnpm/dep@1/node_modules/deep', '../../deep@1/node_modules/deep');
    },
    change: ({ link }) => link('node_modules/.pnpm/dep@1/node_modules/deep', '../../deep@2/node_modules/deep'),
  },
  'a link of the workspace to another folder of the same package': {
    files: {
      'pipe/task.ts': importing('mine'),
      'linked/a/package.json': manifest({ name: 'mine', version: '1.0.0' }),
      'linked/a/index.ts': one,
      'linked/b/package.json': manifest({ name: 'mine', version: '1.0.0' }),
      'linked/b/index.ts': two,
    },
    prepare: ({ link }) => link('pipe/node_modules/mine', '../../linked/a'),
    change: ({ link }) => link('pipe/node_modules/mine', '../../linked/b'),
  },
  'a package that a linked package needs, installed in it': {
    files: {
      'pipe/task.ts': importing('mine'),
      'linked/a/package.json': manifest({ name: 'mine', version: '1.0.0', exports: './index.ts' }),
      'linked/a/index.ts': "export * from 'dep';\n",
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'node_modules/dep/index.js': one,
    },
    prepare: ({ link }) => link('pipe/node_modules/mine', '../../linked/a'),
    change({ write }) {
      write('linked/a/node_modules/dep/package.json', manifest({ name: 'dep', version: '2.0.0' }));
      write('linked/a/node_modules/dep/index.js', two);
    },
  },
  'a link among the project’s files to another file': {
    files: { 'task.ts': importing('./util.ts'), 'a.ts': one, 'b.ts': two },
    prepare: ({ link }) => link('util.ts', 'a.ts'),
    change: ({ link }) => link('util.ts', 'b.ts'),
  },
  'a link to another folder, with the same files but another package beside them': {
    files: {
      'task.ts': importing('./lib/a.ts'),
      'x/lib/a.ts': "export * from 'dep';\n",
      'x/node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'x/node_modules/dep/index.js': one,
      'y/lib/a.ts': "export * from 'dep';\n",
      'y/node_modules/dep/package.json': manifest({ name: 'dep', version: '2.0.0' }),
      'y/node_modules/dep/index.js': two,
    },
    prepare: ({ link }) => link('lib', 'x/lib'),
    change: ({ link }) => link('lib', 'y/lib'),
  },
  'a folder that becomes a link, with the same files but another package beside them': {
    files: {
      'task.ts': importing('./lib/a.ts'),
      'lib/a.ts': "export * from 'dep';\n",
      'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
      'node_modules/dep/index.js': one,
      'y/lib/a.ts': "export * from 'dep';\n",
      'y/node_modules/dep/package.json': manifest({ name: 'dep', version: '2.0.0' }),
      'y/node_modules/dep/index.js': two,
    },
    change: ({ link }) => link('lib', 'y/lib'),
  },
  'a package.json that sets the kind of module of its files': {
    files: {
      'task.ts': importing('./lib/a.js'),
      'lib/a.js': "import old from './old.cjs';\nexport const value = old;\n",
      'lib/old.cjs': 'exports.__esModule = true;\nexports.default = 1;\n',
    },
    change: ({ write }) => write('lib/package.json', manifest({ type: 'module' })),
  },
  'a new package.json that declares that imports of its files have no effect': {
    files: {
      'task.ts': "import './lib/effect.ts';\nexport default { run: () => 1 };\n",
      'lib/effect.ts': 'globalThis.effect = 1;\n',
    },
    change: ({ write }) => write('lib/package.json', manifest({ sideEffects: false })),
  },
  "a package's own name that leads into the package": {
    files: {
      'task.ts': importing('own/a'),
      'package.json': manifest({ version: '1.0.0', exports: { './a': './a.ts' } }),
      'a.ts': one,
      'node_modules/own/package.json': manifest({ name: 'own', version: '1.0.0' }),
      'node_modules/own/a.js': two,
    },
    change: ({ write }) =>
      write('package.json', manifest({ name: 'own', version: '1.0.0', exports: { './a': './a.ts' } })),
  },
  'exports of a linked package that name another file': {
    files: {
      'pipe/task.ts': importing('mine/x'),
      'linked/a/package.json': manifest({ name: 'mine', version: '1.0.0', exports: { './x': './a.ts' } }),
      'linked/a/a.ts': one,
      'linked/a/b.ts': two,
    },
    prepare: ({ link }) => link('pipe/node_modules/mine', '../../linked/a'),
    change: ({ write }) =>
      write('linked/a/package.json', manifest({ name: 'mine', version: '1.0.0', exports: { './x': './b.ts' } })),
  },
  'a compiled file that exports of a linked package have named all along': {
    files: {
      'pipe/task.ts': importing('mine'),
      'linked/a/package.json': manifest({ name: 'mine', version: '1.0.0', exports: './main.js' }),
      'linked/a/main.ts': one,
    },
    prepare: ({ link }) => link('pipe/node_modules/mine', '../../linked/a'),
    change: ({ write }) => write('linked/a/main.js', two),
  },
  'a new file that matches the pattern of an import': {
    files: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the task's code
      'task.ts': 'export default { run: (n: string) => import(`./lib/${n}.ts`) };\n',
      'lib/a.ts': one,
    },
    change: ({ write }) => write('lib/deep/b.ts', two),
  },
  'the rename of a file that matches the pattern of an import': {
    files: {
      'task.ts': "export default { run: (n: string) => require('./lib/' + n) };\n",
      'lib/a.ts': one,
      'lib/b.ts': two,
    },
    change: ({ rename }) => rename('lib/b.ts', 'lib/c.ts'),
  },
};

describe('changes of the files around a bundle', () => {
  test.each(Object.entries(changes))('a remembered bundle is outdated by %s', async (_, { files, prepare, change }) => {
    const tree = treeOf(files);
    prepare?.(tree);
    const folder = 'task.ts' in files ? tree.folder : join(tree.folder, 'pipe');
    const remembered = await remember(folder);
    expect(remembered.isValid()).toBe(true);
    change(tree);
    expect(remembered.isValid()).toBe(false);
    const afresh = await bundleTask(folder, './task.ts');
    if (!afresh.ok) throw new Error(afresh.error);
    const { digest, packages } = remembered.bundle;
    expect({ digest: afresh.value.digest, packages: afresh.value.packages }).not.toEqual({ digest, packages });
  });
});

test('a remembered bundle stays valid after changes of files that no import would find', async () => {
  const tree = treeOf({
    'task.ts': importing('./util'),
    'util.ts': "export * from 'dep';\n",
    'node_modules/dep/package.json': manifest({ name: 'dep', version: '1.0.0' }),
    'node_modules/dep/index.js': one,
  });
  const remembered = await remember(tree.folder);
  tree.write('util.js', two);
  tree.write('other.ts', two);
  tree.write('tsconfig.json', '{ "compilerOptions": { "paths": { "dep": ["./other.ts"] } } }');
  tree.write('node_modules/other/package.json', manifest({ name: 'other', version: '1.0.0' }));
  tree.write('lib/node_modules/dep/package.json', manifest({ name: 'dep', version: '2.0.0' }));
  expect(remembered.isValid()).toBe(true);
});

test('imports ignore NODE_PATH', async () => {
  const tree = treeOf({ 'task.ts': importing('dep'), 'global/dep/index.js': one });
  process.env.NODE_PATH = join(tree.folder, 'global');
  try {
    expect(await bundleTask(tree.folder, './task.ts')).toMatchObject({ ok: false });
  } finally {
    delete process.env.NODE_PATH;
  }
});

test.each([
  ['two versions of a package', ['dep', '1.0.0'], ['dep', '2.0.0']],
  ['two packages', ['dep', '1.0.0'], ['other', '1.0.0']],
] as const)('the digest depends on which of two aliases stands for which of %s', async (_case, first, second) => {
  const installed = (path: string, [name, version]: readonly [string, string]) => ({
    [`node_modules/${path}/package.json`]: manifest({ name, version }),
    [`node_modules/${path}/index.js`]: one,
  });
  const task =
    "import { value } from 'one';\nimport { value as other } from 'two';\nexport default { run: () => value - other };\n";
  const [here, there] = await Promise.all(
    [
      { ...installed('one', first), ...installed('two', second) },
      { ...installed('one', second), ...installed('two', first) },
    ].map((packages) => remember(treeOf({ 'task.ts': task, ...packages }).folder)),
  );
  expect(there?.bundle.packages).toEqual(here?.bundle.packages);
  expect(there?.bundle.digest).not.toBe(here?.bundle.digest);
});

test('the digest depends on which of two files gets which version of a package', async () => {
  const installed = (path: string, version: string) => ({
    [`${path}/package.json`]: manifest({ name: 'dep', version }),
    [`${path}/index.js`]: one,
  });
  const files = {
    'task.ts':
      "import { value } from 'dep';\nimport { other } from './lib/a.ts';\nexport default { run: () => value - other };\n",
    'lib/a.ts': "export { value as other } from 'dep';\n",
  };
  const [here, there] = await Promise.all(
    [
      { ...installed('node_modules/dep', '1.0.0'), ...installed('lib/node_modules/dep', '2.0.0') },
      { ...installed('node_modules/dep', '2.0.0'), ...installed('lib/node_modules/dep', '1.0.0') },
    ].map((packages) => remember(treeOf({ ...files, ...packages }).folder)),
  );
  expect(here?.bundle.packages).toEqual(['dep@1.0.0', 'dep@2.0.0']);
  expect(there?.bundle.packages).toEqual(here?.bundle.packages);
  expect(there?.bundle.digest).not.toBe(here?.bundle.digest);
});
