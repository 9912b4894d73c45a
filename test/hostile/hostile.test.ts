import { afterEach, expect, test } from 'vitest';
import { removeTemporaryFolders } from '../tasks/temporary-folder.ts';
import { corpus } from './corpus.ts';
import { outcome } from './outcome.ts';
import { tables } from './table.ts';

// Bombs leave a quarter of a gigabyte each.
afterEach(removeTemporaryFolders);

const seen = new Map<string, string>();

test.each(corpus.flatMap(({ inputs, until }) => inputs.map((input) => ({ ...input, until }))))(
  '$name: $what',
  async ({ until, ...input }) => {
    const line = await outcome(input, until);
    seen.set(input.name, line);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would take for commands
    expect(line).not.toMatch(/[\0-\x1F\x7F]/);
    expect(line.length).toBeLessThan(700);
    expect(input.what.endsWith('fine')).toBe(until !== 'verdict' && !/^(failed|warning)/.test(line));
  },
);

test('docs/hostile-inputs.md says what a user sees; `vitest -u` writes it anew', async () => {
  const lines = corpus.map(({ title, inputs }) => ({
    title,
    rows: inputs.map(({ name, what }) => ({ name, what, seen: seen.get(name) ?? '' })),
  }));
  await expect(tables(lines)).toMatchFileSnapshot('../../docs/hostile-inputs.md');
});
