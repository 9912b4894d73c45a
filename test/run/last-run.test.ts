import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/cache/digest.ts';
import type { Key } from '../../src/cache/key.ts';
import type { LoadedPipeline } from '../../src/load/load-pipeline.ts';
import { changedSources, type LastRun, readLastRun, writeLastRun } from '../../src/run/last-run.ts';
import { put, temporaryFolder, temporaryStore } from '../cache/temporary.ts';

const last: LastRun = {
  run: '20000101T000000000Z-abcdef',
  keys: { 'detect@a': digestOf('') as string as Key },
  sources: { '/project/tasks/detect.ts': digestOf('') },
  seconds: { detect: 1.5 },
};
const none: LastRun = { run: '', keys: {}, sources: {}, seconds: {} };

test('each pipeline has its own, by whatever path it is called', () => {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const [one, other] = ['one.yaml', 'other.yaml'].map((name) => put(join(folder, name), '')) as [string, string];
  expect(readLastRun(store, one)).toEqual(none);
  writeLastRun(store, one, last);
  expect(readLastRun(store, one)).toEqual(last);
  expect(readLastRun(store, other)).toEqual(none);
  symlinkSync(one, join(folder, 'link.yaml'));
  expect(readLastRun(store, join(folder, 'link.yaml'))).toEqual(last);
});

test('a truncated one is none', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  writeLastRun(store, pipeline, last);
  const path = store.last(digestOf(pipeline));
  const text = readFileSync(path, 'utf8');
  for (const length of [text.length - 1, 5, 0]) {
    put(path, text.slice(0, length));
    expect(readLastRun(store, pipeline)).toEqual(none);
  }
});

test('of a task, the files that are new or changed, relative to the pipeline', () => {
  const sources = (texts: { [path: string]: string }) =>
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/project/${path}`, digestOf(text)]));
  const before = { ...last, sources: sources({ 'tasks/a.ts': '1', 'tasks/lib/x.ts': '1', 'tasks/b.ts': '1' }) };
  const now = { 'tasks/a.ts': '1', 'tasks/lib/x.ts': '2', 'tasks/lib/new.ts': '1', 'tasks/b.ts': '2' };
  const own = ['tasks/lib/x.ts', 'tasks/a.ts', 'tasks/lib/new.ts'].map((path) => `/project/${path}`);
  const loaded = {
    folder: '/project',
    sources: sources(now),
    code: { './tasks/a.ts': { sources: own } },
  } as unknown as LoadedPipeline;
  expect(changedSources(before, loaded, './tasks/a.ts')).toEqual(['tasks/lib/new.ts', 'tasks/lib/x.ts']);
  expect(changedSources({ ...last, sources: loaded.sources }, loaded, './tasks/a.ts')).toEqual([]);
});
