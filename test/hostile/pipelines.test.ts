import { expect, test } from 'vitest';
import { expand } from '../../src/pipeline/expand.ts';
import { mistakes, valid } from '../pipeline/check/mistakes.ts';
import { chain, pipelines } from './pipelines.ts';
import { pipelinesPage } from './table.ts';

test('docs/hostile-pipelines.md shows the messages of all hostile pipelines; `vitest -u` updates it', async () => {
  const rows = pipelines.map(({ name, description, text }) => ({ name, description, message: mistakes(text) }));
  for (const { name, message } of rows) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal could take these for commands
    expect(name + message).not.toMatch(/[\0-\x09\x0B-\x1F\x7F]/);
    expect({ name, length: Math.min(message.length, 2000) }).toEqual({ name, length: message.length });
    expect(name + message).toMatch(/[1-9]\d* mistakes?$/);
  }
  await expect(pipelinesPage(rows)).toMatchFileSnapshot('../../docs/hostile-pipelines.md');
});

// Not on the page, for the position varies: the stack does not always end at the same depth.
test('ten thousand nested brackets are a single mistake', () => {
  expect(mistakes(`steps: ${'['.repeat(10_000)}`)).toMatch(/this is nested too deeply[\s\S]*\n1 mistake$/);
});

test('a chain of a thousand steps is a valid pipeline', () => {
  expect(expand(valid(chain(1000))).actions).toHaveLength(1000);
});
