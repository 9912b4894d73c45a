import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleTask } from '../../src/load/bundle.ts';
import { loadModule } from '../../src/load/load-module.ts';
import { put, temporaryFolder } from '../store/temporary.ts';

const project = {
  'tasks/report.ts': `import script from './lib/page.ts?script';
export default { inputs: {}, params: {}, outputs: {}, run: () => script };
`,
  'tasks/lib/page.ts':
    "import { wave } from 'waves';\nconst shown: string = wave('</script>');\ndocument.title = shown;\n",
  'node_modules/waves/package.json': '{ "name": "waves", "version": "1.0.0", "main": "index.js" }',
  'node_modules/waves/index.js': 'exports.wave = (text) => text + "~";',
};

async function bundled(edits: { readonly [path: string]: string } = {}, folder = temporaryFolder()) {
  for (const [path, content] of Object.entries({ ...project, ...edits })) put(join(folder, path), content);
  const bundle = await bundleTask(folder, './tasks/report.ts');
  if (!bundle.ok) throw new Error(bundle.error);
  return bundle.value;
}

test('a task gets a page script as text, with all its imports', async () => {
  const { loadable } = await bundled();
  const path = put(join(temporaryFolder(), 'code.mjs'), loadable);
  const task = (await loadModule(path, loadable)) as { run(): string };
  const page = { title: '' };
  new Function('document', task.run())(page);
  expect(page.title).toBe('</script>~');
});

test('the digest of a task’s code includes its page script and the packages in it, but no comments', async () => {
  const { digest } = await bundled();
  const comment = { 'tasks/lib/page.ts': `// The page.\n${project['tasks/lib/page.ts']}` };
  expect((await bundled(comment)).digest).toBe(digest);
  const other = { 'tasks/lib/page.ts': project['tasks/lib/page.ts'].replace('title', 'name') };
  expect((await bundled(other)).digest).not.toBe(digest);
  expect((await bundled({ 'node_modules/waves/index.js': 'exports.wave = (text) => text;' })).digest).not.toBe(digest);
});

test('the sources of a task include its page script, and the package.json of each package in it', async () => {
  const folder = temporaryFolder();
  const { sources } = await bundled({}, folder);
  const expected = ['node_modules/waves/package.json', 'tasks/lib/page.ts', 'tasks/report.ts'];
  expect([...new Set(sources)].sort()).toEqual(expected.map((path) => join(folder, path)));
});

test('a mistake in a page script is reported with its place', async () => {
  await expect(bundled({ 'tasks/lib/page.ts': 'let = ;' })).rejects.toThrow(/page\.ts:1:\d+/);
});
