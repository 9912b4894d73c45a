import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChecked, writeChecked } from '../../src/files/checked-json.ts';
import { readJournal } from '../../src/files/journal.ts';
import { readLock } from '../../src/history/lock-file.ts';
import { lookUp, writeResult } from '../../src/store/result.ts';
import { detectA, MANIFEST, open, project } from '../out/project.ts';
import { fileOutput, put, resultWith, temporaryFolder, temporaryStore } from '../store/temporary.ts';
import { damage, examples } from './mutate.ts';

test('a damaged checked JSON file is read as undefined, or as its original value', () => {
  const path = join(temporaryFolder(), 'record.json');
  const value = { key: 'é', values: [1, 2.5, null], deep: { a: ['x'.repeat(200)] } };
  writeChecked(path, value);
  const whole = readFileSync(path);
  fc.assert(
    fc.property(damage, (harm) => {
      writeFileSync(path, harm(whole));
      const read = readChecked(path);
      if (read !== undefined) expect(read).toEqual(value);
    }),
    examples(40),
  );
});

test('a damaged result is reported as missing, or is the original result', () => {
  const store = temporaryStore();
  const result = resultWith({ out: fileOutput(store, 'content') });
  writeResult(store, result);
  const path = store.result(result.key);
  const whole = readFileSync(path);
  fc.assert(
    fc.property(damage, (harm) => {
      writeFileSync(path, harm(whole));
      const found = lookUp(store, result.key);
      expect([{ missing: true }, { found: result }]).toContainEqual(found);
    }),
    examples(60),
  );
});

test('a damaged journal gives values and never throws', () => {
  const path = join(temporaryFolder(), 'files.jsonl');
  const whole = Buffer.from('\n["1:2:3","abc"]\n\n["4:5:6","def"]\n');
  fc.assert(
    fc.property(damage, (harm) => {
      writeFileSync(path, harm(whole));
      expect(Array.isArray(readJournal(path))).toBe(true);
    }),
    examples(40),
  );
});

test('a damaged manifest of out/ removes nothing outside it', async () => {
  const { store, out, path, at, result } = project();
  await out.show(detectA, result({ peaks: '1' }));
  const mine = put(join(dirname(path), 'mine'), 'mine');
  const whole = Buffer.from(
    `${readFileSync(at(MANIFEST), 'utf8')}["detect@b",{"../mine":{}}]\n["detect@a",{"../mine":{}}]\n`,
  );
  fc.assert(
    fc.property(damage, (harm) => {
      writeFileSync(at(MANIFEST), harm(whole));
      const out = open(path, store);
      out.clear(detectA);
      out.clear({ step: 'detect', recording: 'b' });
      out.close();
      expect(readFileSync(mine, 'utf8')).toBe('mine');
    }),
    examples(40),
  );
});

test('a damaged lock is read or refused, and never throws', () => {
  const path = join(temporaryFolder(), 'pipeline.lock');
  const whole = Buffer.from(`# lock\ndetect@a peaks=${'a'.repeat(64)} noise=${'b'.repeat(64)}\nsummary all=-\n`);
  fc.assert(
    fc.property(damage, (harm) => {
      writeFileSync(path, harm(whole));
      expect(typeof readLock(path).ok).toBe('boolean');
    }),
    examples(60),
  );
});
