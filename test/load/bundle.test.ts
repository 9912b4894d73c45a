import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleTask } from '../../src/load/bundle.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const project = {
  'tasks/detect.ts': `import { readFileSync } from 'node:fs';
import type { Limit } from './lib/limit.ts';
import { peaks } from './lib/peaks.ts';
import table from './lib/table.csv';
const limit: Limit = 3;
export default { inputs: {}, params: {}, outputs: {}, run: () => peaks(readFileSync('x'), limit, table) };
`,
  'tasks/lib/peaks.ts': `import { ln } from 'math';
/** Counts peaks. */
export const peaks = (bytes: Uint8Array, limit: number, table: string) => ln(bytes.length) > limit + table.length;
`,
  'tasks/lib/limit.ts': 'export type Limit = number;\n',
  'tasks/lib/table.csv': 'a,b\n',
  'node_modules/math/package.json': '{ "name": "math", "version": "1.0.0", "main": "index.js" }',
  'node_modules/math/index.js': 'exports.ln = Math.log;',
};

function write(files: { readonly [path: string]: string }): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
  return folder;
}

async function bundled(folder: string, uses = './tasks/detect.ts') {
  const bundle = await bundleTask(folder, uses);
  if (!bundle.ok) throw new Error(bundle.error);
  return bundle.value;
}

/** The digest and the packages of the code after an edit. */
async function identity(edits: { readonly [path: string]: string } = {}) {
  const { digest, packages } = await bundled(write({ ...project, ...edits }));
  return { digest, packages };
}

const edited = (path: keyof typeof project, from: string, to: string) => {
  if (!project[path].includes(from)) throw new Error(`no ${from} in ${path}`);
  return { [path]: project[path].replace(from, to) };
};

describe('identity of code', () => {
  test('code is the same in a file with another name', async () => {
    const folder = write({ ...project, 'tasks/2-peaks.ts': project['tasks/detect.ts'] });
    expect((await bundled(folder, './tasks/2-peaks.ts')).digest).toBe((await bundled(folder)).digest);
  });

  test.each<[string, { readonly [path: string]: string }]>([
    ['in another folder', {}],
    ['with other comments', edited('tasks/lib/peaks.ts', 'Counts', 'Really counts')],
    ['with a comment to keep', edited('tasks/lib/peaks.ts', '/** Counts', '/*! @license Counts')],
    ['with another format', edited('tasks/lib/peaks.ts', ' > ', '\n  >\n\n')],
    ['with other types', { 'tasks/lib/limit.ts': 'export type Limit = number & {};\n' }],
    ['with another, unused file', { 'tasks/other.ts': 'export default 1;' }],
    ['with other content of a package of the same version', { 'node_modules/math/index.js': 'exports.ln = 1;' }],
    [
      'with a tsconfig',
      { 'tsconfig.json': '{ "compilerOptions": { "target": "es5", "useDefineForClassFields": false } }' },
    ],
  ])('code is the same %s', async (_, edits) => {
    expect(await identity(edits)).toEqual(await identity());
  });

  test.each<[string, { readonly [path: string]: string }]>([
    ['in the task', edited('tasks/detect.ts', 'limit: Limit = 3', 'limit: Limit = 4')],
    ['in a helper', edited('tasks/lib/peaks.ts', 'limit + table', 'limit - table')],
    ['in an asset', { 'tasks/lib/table.csv': 'a,c\n' }],
  ])('code differs after a change %s', async (_, edits) => {
    expect((await identity(edits)).digest).not.toBe((await identity()).digest);
  });

  test('code lists the version of each package', async () => {
    const other = { 'node_modules/math/package.json': '{ "name": "math", "version": "1.0.1", "main": "index.js" }' };
    expect((await identity()).packages).toEqual(['math@1.0.0']);
    expect((await identity(other)).packages).toEqual(['math@1.0.1']);
  });
});

test('the sources of a bundle are all its files, and the package.json of each package', async () => {
  const folder = write(project);
  const { sources } = await bundled(folder);
  const expected = [
    'node_modules/math/package.json',
    ...Object.keys(project).filter((path) => /(ks|table|ect)\./.test(path)),
  ];
  expect([...new Set(sources)].sort()).toEqual(expected.map((path) => join(folder, path)).sort());
});

test('loadable code maps to the author’s lines, and imports packages by file URL', async () => {
  const folder = write(project);
  const { loadable } = await bundled(folder);
  expect(loadable).toContain(new URL(`file://${folder}/node_modules/math/index.js`).href);
  const map = JSON.parse(Buffer.from(loadable.split('base64,').at(-1) ?? '', 'base64').toString('utf8'));
  expect(map.sources.join()).toContain('tasks/lib/peaks.ts');
});

test('a copied project has the same code', async () => {
  const [folder, copy] = [write(project), join(temporaryFolder(), 'deep/er')];
  cpSync(folder, copy, { recursive: true });
  expect((await bundled(copy)).digest).toBe((await bundled(folder)).digest);
});

test.each([
  ['a missing module', { 'tasks/detect.ts': "export { default } from './none.ts';" }, /detect\.ts:1:\d+: .*none\.ts/],
  ['a missing package', { 'tasks/detect.ts': "export { default } from 'none';" }, /detect\.ts:1:\d+: .*none/],
  [
    'an import by the earlier name',
    { 'tasks/detect.ts': "import { file } from 'groundwork/task'; export default file;" },
    /^tasks\/detect\.ts:1:\d+: groundwork is called groundproof now: write groundproof\/task instead of/,
  ],
  ['a file that is not code', { 'tasks/detect.ts': 'export default {' }, /^tasks\/detect\.ts:1:\d+: /],
])('bundleTask reports %s with its place', async (_, edits, message) => {
  const bundle = await bundleTask(write({ ...project, ...edits }), './tasks/detect.ts');
  expect(bundle).toMatchObject({ ok: false, error: expect.stringMatching(message) });
});

test.each([
  ['./tasks/detekt.ts', "there is no such file; did you mean './tasks/detect.ts'?"],
  ['./tasks/nothing-like-it.ts', /^there is no such file$/],
  ['./taks/detect.ts', /^there is no folder \/.*\/taks$/],
  ['tasks/detect.ts', "no installed package has it; did you mean './tasks/detect.ts'?"],
  ['groundwork/tasks/unzip', 'groundwork is called groundproof now: write groundproof/tasks/unzip instead of'],
  ['none/task', 'no installed package has it'],
  ['./tasks/lib/limit.ts', /^it has no task: /],
])('bundleTask reports %s, which is not a task, in its own words', async (uses, message) => {
  const bundle = await bundleTask(write(project), uses);
  expect(bundle).toMatchObject({ ok: false, error: expect.stringMatching(message) });
});
