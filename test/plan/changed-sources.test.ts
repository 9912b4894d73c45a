import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { LoadedPipeline } from '../../src/load/load-pipeline.ts';
import { changedSources } from '../../src/plan/decide-action.ts';

test('lists the new and the changed source files of a task, relative to the pipeline', () => {
  const sources = (texts: { [path: string]: string }) =>
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [`/project/${path}`, digestOf(text)]));
  const before = { sources: sources({ 'tasks/a.ts': '1', 'tasks/lib/x.ts': '1', 'tasks/b.ts': '1' }) };
  const now = { 'tasks/a.ts': '1', 'tasks/lib/x.ts': '2', 'tasks/lib/new.ts': '1', 'tasks/b.ts': '2' };
  const ofTask = ['tasks/lib/x.ts', 'tasks/a.ts', 'tasks/lib/new.ts'].map((path) => `/project/${path}`);
  const loaded = {
    folder: '/project',
    sources: sources(now),
    code: { './tasks/a.ts': { sources: ofTask } },
  } as unknown as LoadedPipeline;
  expect(changedSources(before, loaded, './tasks/a.ts')).toEqual(['tasks/lib/new.ts', 'tasks/lib/x.ts']);
  expect(changedSources({ sources: loaded.sources }, loaded, './tasks/a.ts')).toEqual([]);
});
