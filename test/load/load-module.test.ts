import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asFunction } from '../../src/load/as-function.ts';
import { FUNCTION_MARK, loadModule } from '../../src/load/load-module.ts';
import { temporaryFolder } from '../store/temporary.ts';

async function load(text: string, times = 2): Promise<unknown[]> {
  const path = join(temporaryFolder(), 'code.mjs');
  const code = await asFunction(text);
  writeFileSync(path, code);
  const loaded: unknown[] = [];
  for (let i = 0; i < times; i++) loaded.push(await loadModule(path, code));
  return loaded;
}

test.each([
  ['a function', "import { sep } from 'node:path'; let n = 0; export default () => [sep, ++n];"],
  [
    'a module',
    "import { sep } from 'node:path'; let n = 0; export default () => [sep, ++n, import.meta.url][0] && [sep, n];",
  ],
])('%s that is loaded again starts with fresh variables', async (_form, text) => {
  const loaded = (await load(text, 3)) as (() => unknown)[];
  expect(loaded.map((run) => run())).toEqual(Array.from({ length: 3 }, () => ['/', 1]));
});

test.each([
  ['import.meta', 'export default import.meta.url;'],
  ['an import while it runs', "export default () => import('node:fs');"],
  ['await at its top', 'export default await Promise.resolve(1);'],
  ['require', "import { createRequire } from 'node:module'; export default createRequire('/')('node:fs');"],
])('code with %s stays a module, and loads', async (_feature, text) => {
  expect(await asFunction(text)).toBe(text);
  expect((await load(text))[0]).toBeDefined();
});

test('code that became a function is strict and has no `this`, as a module', async () => {
  const text =
    'export default [(() => { try { undeclared = 1; } catch (error) { return error.name; } })(), typeof this];';
  expect((await asFunction(text)).startsWith(FUNCTION_MARK)).toBe(true);
  expect(await load(text)).toEqual([
    ['ReferenceError', 'undefined'],
    ['ReferenceError', 'undefined'],
  ]);
});

test('loadModule rejects each time with the error that a module throws', async () => {
  await expect(load("throw new Error('at its top');")).rejects.toThrow('at its top');
});
