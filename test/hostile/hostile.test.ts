import { afterEach, expect, test } from 'vitest';
import { removeTemporaryFolders } from '../tasks/temporary-folder.ts';
import { corpus } from './corpus.ts';
import { outcome } from './outcome.ts';
import { tables } from './table.ts';

// Bombs leave a quarter of a gigabyte each.
afterEach(removeTemporaryFolders);

const messages = new Map<string, string>();

test.each(corpus.flatMap(({ inputs, until }) => inputs.map((input) => ({ ...input, until }))))(
  'hostile archive $name ($description) gives a short, safe message',
  async ({ until, ...input }) => {
    const message = await outcome(input, until);
    messages.set(input.name, message);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal could take these for commands
    expect(message).not.toMatch(/[\0-\x1F\x7F]/);
    expect(message.length).toBeLessThan(700);
    expect(input.description.endsWith('fine')).toBe(until !== 'verdict' && !/^(failed|warning)/.test(message));
  },
);

test('docs/hostile-inputs.md shows the messages of all hostile archives; `vitest -u` updates it', async () => {
  const sections = corpus.map(({ title, inputs }) => ({
    title,
    rows: inputs.map(({ name, description }) => ({ name, description, message: messages.get(name) ?? '' })),
  }));
  await expect(tables(sections)).toMatchFileSnapshot('../../docs/hostile-inputs.md');
});
