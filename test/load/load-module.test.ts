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
])('%s finds nothing of what the load before left in its variables', async (_what, text) => {
  const loaded = (await load(text, 3)) as (() => unknown)[];
  expect(loaded.map((run) => run())).toEqual(Array.from({ length: 3 }, () => ['/', 1]));
});

test.each([
  ['import.meta', 'export default import.meta.url;'],
  ['an import while it runs', "export default () => import('node:fs');"],
  ['await at its top', 'export default await Promise.resolve(1);'],
  ['require', "import { createRequire } from 'node:module'; export default createRequire('/')('node:fs');"],
])('a module with %s stays one, and loads', async (_what, text) => {
  expect(await asFunction(text)).toBe(text);
  expect((await load(text))[0]).toBeDefined();
});

test('a function is as strict as a module, and has no more names than one', async () => {
  const text =
    'export default [(() => { try { undeclared = 1; } catch (error) { return error.name; } })(), typeof this];';
  expect((await asFunction(text)).startsWith(FUNCTION_MARK)).toBe(true);
  expect(await load(text)).toEqual([
    ['ReferenceError', 'undefined'],
    ['ReferenceError', 'undefined'],
  ]);
});

test('a module that throws rejects, every time', async () => {
  await expect(load("throw new Error('at its top');")).rejects.toThrow('at its top');
});
