import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closureOf, isInstalled, type Package, packageOf, versionsOf } from '../../src/load/packages.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

/** Installs packages: folder -> package.json. */
function project(packages: { readonly [path: string]: object }): (path: string) => string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(packages)) {
    put(join(folder, path, 'package.json'), JSON.stringify(content));
  }
  return (path) => join(folder, path);
}

const names = (packages: readonly Package[]) => packages.map(({ name, version }) => `${name}@${version}`).sort();

const found = (path: string): Package => {
  const owner = packageOf(path);
  if (!owner) throw new Error(`no package for ${path}`);
  return owner;
};

test('packageOf finds the nearest package with a name', () => {
  const at = project({
    '.': { name: 'project', version: '1.0.0' },
    'node_modules/a': { name: 'a', version: '2.0.0' },
    'node_modules/a/esm': { type: 'module' },
    'node_modules/@scope/b': { name: '@scope/b', version: '3.0.0' },
  });
  expect(found(at('tasks/detect.ts'))).toMatchObject({ name: 'project', root: at('.') });
  expect(found(at('node_modules/a/lib/index.js'))).toMatchObject({ name: 'a', version: '2.0.0' });
  expect(found(at('node_modules/a/esm/index.js'))).toMatchObject({ name: 'a', root: at('node_modules/a') });
  expect(found(at('node_modules/@scope/b/index.js')).name).toBe('@scope/b');
});

test('isInstalled is true for files in node_modules', () => {
  expect(isInstalled('/project/node_modules/a/index.js')).toBe(true);
  expect(isInstalled('/project/my_node_modules/a.js')).toBe(false);
});

test('closureOf finds all packages that are needed, as Node does, each once', () => {
  const at = project({
    'node_modules/a': { name: 'a', version: '1.0.0', dependencies: { b: '*', c: '*' } },
    'node_modules/b': { name: 'b', version: '1.0.0', dependencies: { c: '*' }, peerDependencies: { a: '*' } },
    'node_modules/b/node_modules/c': { name: 'c', version: '2.0.0' },
    'node_modules/c': { name: 'c', version: '1.0.0', optionalDependencies: { fsevents: '*', d: '*' } },
    'node_modules/d': { name: 'd' },
    'node_modules/unrelated': { name: 'unrelated', version: '1.0.0' },
  });
  const all = closureOf([found(at('node_modules/a/index.js'))]);
  expect(names(all.packages)).toEqual(['a@1.0.0', 'b@1.0.0', 'c@1.0.0', 'c@2.0.0', 'd@0.0.0']);
  expect(closureOf([]).packages).toEqual([]);
  // It matters which package gets which version of c.
  expect(versionsOf(all, [found(at('node_modules/a/index.js'))])).toEqual([
    'a@1.0.0',
    'b@1.0.0',
    'c@1.0.0 for a@1.0.0',
    'c@2.0.0 for b@1.0.0',
    'd@0.0.0',
  ]);
});

test('closureOf follows links, as some package managers make them', () => {
  const at = project({
    'node_modules/.store/a@1/node_modules/a': { name: 'a', version: '1.0.0', dependencies: { b: '*' } },
    'node_modules/.store/b@1/node_modules/b': { name: 'b', version: '1.0.0' },
  });
  symlinkSync(at('node_modules/.store/b@1/node_modules/b'), at('node_modules/.store/a@1/node_modules/b'));
  expect(names(closureOf([found(at('node_modules/.store/a@1/node_modules/a/index.js'))]).packages)).toEqual([
    'a@1.0.0',
    'b@1.0.0',
  ]);
});

test('versionsOf tells which alias stands for which package', () => {
  const versionsWith = (one: string, two: string) => {
    const at = project({
      'node_modules/a': { name: 'a', version: '1.0.0', dependencies: { one: '*', two: '*' } },
      'node_modules/one': { name: one, version: '1.0.0' },
      'node_modules/two': { name: two, version: '1.0.0' },
    });
    const a = found(at('node_modules/a/index.js'));
    return versionsOf(closureOf([a]), [a]);
  };
  expect(versionsWith('b', 'c')).toContain('b@1.0.0 as one for a@1.0.0');
  expect(versionsWith('c', 'b')).not.toEqual(versionsWith('b', 'c'));
});

test('packageOf tells a patched version from the original', () => {
  const root = 'node_modules/.pnpm/a@1.0.0_patch_hash=77abc/node_modules/a';
  const at = project({ [root]: { name: 'a', version: '1.0.0' } });
  expect(found(at(`${root}/index.js`)).version).toBe('1.0.0+77abc');
});

test('closureOf names a package without a name after its folder, and finds the packages that it needs', () => {
  const at = project({
    'node_modules/a': { name: 'a', version: '1.0.0', dependencies: { plain: '*' } },
    'node_modules/plain': { dependencies: { b: '*' } },
    'node_modules/b': { name: 'b', version: '1.0.0' },
  });
  const { packages } = closureOf([found(at('node_modules/a/index.js'))]);
  expect(names(packages)).toEqual(['a@1.0.0', 'b@1.0.0', 'plain@0.0.0']);
});

test('packageOf ignores a package.json that is not JSON', () => {
  const at = project({ '.': { name: 'project' } });
  put(at('tasks/package.json'), '{ "name": ');
  expect(found(at('tasks/detect.ts'))).toMatchObject({ name: 'project' });
});
