import { appendFileSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { detectA, MANIFEST, open, project, summary } from './project.ts';

describe('the manifest of out/', () => {
  test('is read although lines are garbled', async () => {
    const { out, result, reopened, at, files } = project();
    await out.show(detectA, result({ peaks: '1' }));
    appendFileSync(at(MANIFEST), 'garbage\n["summary",{"summary/x');
    const again = reopened();
    expect(await again.show(summary, result({ all: '1' }))).toBe('shown');
    again.clear(detectA);
    expect(files()).toEqual(['summary/all.txt']);
  });

  test('is shortened when it has become long', async () => {
    const { out, result, reopened, at, files } = project();
    const [one, other] = [result({ peaks: '1' }), result({ peaks: '2' })];
    for (let i = 0; i < 30; i++) {
      await out.show(detectA, one);
      await out.show(detectA, other);
    }
    await out.show(summary, one);
    const entries = () => readFileSync(at(MANIFEST), 'utf8').split('\n').filter(Boolean).length;
    expect(entries()).toBeGreaterThan(100);
    out.close();
    const again = reopened();
    expect(entries()).toBe(2);
    expect(await again.show(detectA, one)).toBe('shown');
    again.clear(summary);
    expect(files()).toEqual(['detect/a/peaks.txt']);
  });

  test('is shared by two users of the folder, whose files are not in each other’s way', async () => {
    const { store, path, out, result, files } = project();
    const other = open(path, store);
    expect(await other.show(detectA, result({ peaks: '1' }))).toBe('shown');
    expect(await out.show(detectA, result({ peaks: '1' }))).toBe('shown');
    other.close();
    await out.show(detectA, result({ peaks: '2' }));
    expect(files()).toEqual(['detect/a/peaks.txt']);
  });
});
