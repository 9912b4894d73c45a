import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import { findRun } from '../../src/history/find-run.ts';
import { historyOf } from '../../src/history/history.ts';
import { newRunId, type RunRecord, readLastRun, readRunWithOrder, recordRun } from '../../src/history/run-record.ts';
import { requestOf } from '../../src/load/request.ts';
import type { Key } from '../../src/store/key.ts';
import { put, temporaryFolder, temporaryStore } from '../store/temporary.ts';

/** The request as it is recorded, without the remote. */
function recordedRequest(pipeline: string): RunRecord['request'] {
  const { remote: _, ...request } = requestOf({ pipeline });
  return request;
}

const record = (pipeline: string, run = '20000101T000000000Z-abcdef'): RunRecord => ({
  run,
  began: '2000-01-01T00:00:00.000Z',
  request: recordedRequest(pipeline),
  actions: [],
  keys: { 'detect@a': digestOf('') as string as Key },
  sources: { '/project/tasks/detect.ts': digestOf('') },
  steps: [],
  seconds: { detect: 1.5 },
  previous: null,
});

test('each pipeline has its own last run, also under a path with a link', () => {
  const store = temporaryStore();
  const folder = temporaryFolder();
  const [first, other] = ['first.yaml', 'other.yaml'].map((name) => put(join(folder, name), '')) as [string, string];
  expect(readLastRun(store, first)).toBeUndefined();
  recordRun(store, record(first));
  expect(readLastRun(store, first)).toEqual(record(first));
  expect(readLastRun(store, other)).toBeUndefined();
  symlinkSync(first, join(folder, 'link.yaml'));
  expect(readLastRun(store, join(folder, 'link.yaml'))).toEqual(record(first));
});

test('the address of a remote cache is not recorded', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  const request = requestOf({ pipeline, remote: { url: 'https://cache', write: true } });
  recordRun(store, { ...record(pipeline), request });
  expect(readLastRun(store, pipeline)).toEqual(record(pipeline));
});

test('after a run with nothing to do, the last run is that whose results it found', () => {
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

test('each run records the run before it and its order, even if the clock was set back', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  const ids = ['2035', '2026', '2010', '2027'].map((year) => {
    vi.setSystemTime(new Date(`${year}-01-01T00:00:00.000Z`));
    const run = newRunId();
    recordRun(store, record(pipeline, run));
    return run;
  });
  const placed = ids.map((id) => readRunWithOrder(store, id));
  expect(placed.map((run) => run?.before)).toEqual([null, ...ids.slice(0, 3)]);
  const orders = placed.map((run) => run?.order ?? 0);
  expect(orders).toEqual([...orders].sort((a, b) => a - b));
  expect(new Set(orders).size).toBe(4);
  const history = historyOf(store);
  const named = (name: string) => findRun(store, history, pipeline, name);
  expect(named('last')).toMatchObject({ ok: true, value: { run: ids[3] } });
  expect(named('previous')).toMatchObject({ ok: true, value: { run: ids[2] } });
  // Without the record of the previous run, the latest of the others counts.
  rmSync(store.run(ids[2] ?? ''));
  expect(findRun(store, historyOf(store), pipeline, 'previous')).toMatchObject({ ok: true, value: { run: ids[1] } });
});

test('ignores a record of a run under another run\u2019s name', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  recordRun(store, record(pipeline, '1'));
  recordRun(store, record(pipeline, '2'));
  const other = readFileSync(store.run('1'));
  writeFileSync(store.run('2'), other);
  expect(readLastRun(store, pipeline)).toBeUndefined();
  const old = JSON.stringify({ format: 2, ...record(pipeline, '1') });
  writeFileSync(store.run('2'), `${old}\n${digestOf(old)}\n`);
  expect(readLastRun(store, pipeline)).toBeUndefined();
});

test('reads the record of an older version', () => {
  const store = temporaryStore();
  const pipeline = put(join(temporaryFolder(), 'pipeline.yaml'), '');
  recordRun(store, record(pipeline));
  const old = JSON.stringify({ format: 2, ...record(pipeline) });
  writeFileSync(store.run(record(pipeline).run), `${old}\n${digestOf(old)}\n`);
  expect(readLastRun(store, pipeline)).toEqual(record(pipeline));
  expect(readRunWithOrder(store, record(pipeline).run)).toMatchObject({ before: null, order: Date.UTC(2000, 0, 1) });
});

test('ignores a truncated record', () => {
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
