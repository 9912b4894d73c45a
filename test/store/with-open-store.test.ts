import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ok } from '../../src/base/result.ts';
import { withOpenStore } from '../../src/store/with-open-store.ts';
import { temporaryFolder } from './temporary.ts';

test('withOpenStore closes the store also if the memo cannot be saved', async () => {
  const root = join(temporaryFolder(), 'cache');
  const used = await withOpenStore(root, async (_, memo) => {
    await memo.digest(fileURLToPath(import.meta.url));
    mkdirSync(join(root, 'files.jsonl'));
    return ok('done');
  });
  expect(used).toMatchObject({ ok: false, error: { reason: 'file-system', code: 'EISDIR' } });
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});
