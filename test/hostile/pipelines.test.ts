import { expect, test } from 'vitest';
import { expand } from '../../src/pipeline/expand.ts';
import { mistakes, valid } from '../pipeline/check/mistakes.ts';
import { chain, pipelines } from './pipelines.ts';
import { pipelinesPage } from './table.ts';

test('docs/hostile-pipelines.md says what a user sees; `vitest -u` writes it anew', async () => {
  const rows = pipelines.map(({ name, what, text }) => ({ name, what, seen: mistakes(text) }));
  for (const { name, seen } of rows) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would take for commands
    expect(name + seen).not.toMatch(/[\0-\x09\x0B-\x1F\x7F]/);
    expect({ name, length: Math.min(seen.length, 2000) }).toEqual({ name, length: seen.length });
    expect(name + seen).toMatch(/[1-9]\d* mistakes?$/);
  }
  await expect(pipelinesPage(rows)).toMatchFileSnapshot('../../docs/hostile-pipelines.md');
});

// Where the stack ends is not the same each time, so this is not on the page.
test('ten thousand brackets within each other are one mistake', () => {
  expect(mistakes(`steps: ${'['.repeat(10_000)}`)).toMatch(/this is nested too deeply[\s\S]*\n1 mistake$/);
});

test('a chain of a thousand steps is a pipeline like any other', () => {
  expect(expand(valid(chain(1000))).actions).toHaveLength(1000);
});
