import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/cache/digest.ts';
import type { Key } from '../../src/cache/key.ts';
import { requestOf } from '../../src/run/request.ts';
import { newRunId, type RunRecord, readLastRun, recordRun } from '../../src/run/run-record.ts';
import { put, temporaryFolder, temporaryStore } from '../cache/temporary.ts';

/** As it is recorded: without where else results were looked for. */
function asked(pipeline: string): RunRecord['request'] {
  const { remote: _, ...request } = requestOf({ pipeline });
  return request;
}

const record = (pipeline: string, run = '20000101T000000000Z-abcdef'): RunRecord => ({
  run,
  began: '2000-01-01T00:00:00.000Z',
  request: asked(pipeline),
  actions: [],
  keys: { 'detect@a': digestOf('') as string as Key },
  sources: { '/project/tasks/detect.ts': digestOf('') },
  steps: [],
  seconds: { detect: 1.5 },
  previous: null,
});

test('each pipeline has its own last run, by whatever path it is called', () => {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const [one, other] = ['one.yaml', 'other.yaml'].map((name) => put(join(folder, name), '')) as [string, string];
  expect(readLastRun(store, one)).toBeUndefined();
  recordRun(store, record(one));
  expect(readLastRun(store, one)).toEqual(record(one));
  expect(readLastRun(store, other)).toBeUndefined();
  symlinkSync(one, join(folder, 'link.yaml'));
  expect(readLastRun(store, join(folder, 'link.yaml'))).toEqual(record(one));
});

test('the address of a remote cache is not recorded', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  const request = requestOf({ pipeline, remote: { url: 'https://cache', write: true } });
  recordRun(store, { ...record(pipeline), request });
  expect(readLastRun(store, pipeline)).toEqual(record(pipeline));
});

test('after a run with nothing to do, the last run is the one whose results it found', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  const [first, second] = [record(pipeline, '1'), record(pipeline, '2')];
  recordRun(store, first);
  recordRun(store, second);
  expect(readLastRun(store, pipeline)).toEqual(second);
  recordRun(store, { run: '3', began: first.began, request: first.request, sameAs: '1' });
  recordRun(store, { run: '4', began: first.began, request: first.request, sameAs: '3' });
  expect(readLastRun(store, pipeline)).toEqual(first);
});

test('a truncated record is none', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  recordRun(store, record(pipeline));
  for (const path of [store.run(record(pipeline).run), store.last(digestOf(pipeline))]) {
    const text = readFileSync(path, 'utf8');
    for (const length of [text.length - 1, 5, 0]) {
      put(path, text.slice(0, length));
      expect(readLastRun(store, pipeline)).toBeUndefined();
    }
    put(path, text);
  }
  expect(readLastRun(store, pipeline)).toEqual(record(pipeline));
});

test('run ids differ, and sort by time', () => {
  const ids = Array.from({ length: 100 }, newRunId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^\d{8}T\d{9}Z-[0-9a-f]{6}$/.test(id))).toBe(true);
});
