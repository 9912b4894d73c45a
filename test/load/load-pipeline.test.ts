import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { err, ok, type Result } from '../../src/base/result.ts';
import { digestOf } from '../../src/files/digest.ts';
import { fileSignature } from '../../src/files/signature.ts';
import { loadPipeline } from '../../src/load/load-pipeline.ts';
import { type LoadedTask, loadTasks } from '../../src/load/load-tasks.ts';
import { NO_TRAIL } from '../../src/load/trail.ts';
import type { Overrides } from '../../src/pipeline/text/override.ts';
import { openFileMemo } from '../../src/store/file-memo.ts';
import type { Store } from '../../src/store/layout.ts';
import { put, temporaryFolder, temporaryStore } from '../store/temporary.ts';

vi.mock('../../src/load/load-tasks.ts', () => ({ loadTasks: vi.fn(loadLimits) }));
const loading = vi.mocked(loadTasks);

/** Replaces the bundler and its worker: a task is a file with the default of its only parameter. */
async function loadLimits(store: Store, folder: string, uses: readonly string[]) {
  return new Map(uses.map((name) => [name, loadLimit(store, folder, name)]));
}

function loadLimit(store: Store, folder: string, uses: string): Result<LoadedTask, string> {
  const path = join(folder, uses);
  if (!existsSync(path)) return err('there is no such file');
  const text = readFileSync(path, 'utf8');
  const digest = digestOf(text);
  put(store.code(digest), text);
  const limit = { type: 'number', default: Number(text) };
  return ok({
    code: { digest, packages: [], loadable: digest, sources: [path] },
    trail: { ...NO_TRAIL, absent: [`${path}.first`] },
    interface: {
      inputs: {},
      params: { type: 'object', properties: { limit }, additionalProperties: false },
      outputs: { out: { kind: 'file', extension: '.txt' } },
    },
  });
}

beforeEach(() => {
  // Set the clock ahead: signatures prove something only for files that are older than the load.
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + 1000);
  loading.mockClear();
});
afterEach(() => void vi.useRealTimers());

function project() {
  const folder = temporaryFolder();
  const store = temporaryStore();
  const at = (path: string) => join(folder, path);
  put(at('pipeline.yaml'), 'name: p\nsteps:\n  one: { uses: ./tasks/one.ts }\n');
  put(at('tasks/one.ts'), '1');
  const load = async (overrides: Overrides = {}) => {
    vi.setSystemTime(Date.now() + 1000);
    const loaded = await loadPipeline({ path: at('pipeline.yaml'), overrides }, store, openFileMemo(store.fileMemo));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    return loaded.value;
  };
  return { folder, store, at, load };
}

test('loadPipeline returns the checked pipeline, its tasks’ code, and the signatures of all files', async () => {
  const { folder, store, at, load } = project();
  const loaded = await load();
  expect(loaded.folder).toBe(folder);
  expect(loaded.pipeline.steps[0]).toMatchObject({ name: 'one', params: { limit: 1 } });
  expect(loaded.sources).toEqual({ [at('tasks/one.ts')]: digestOf('1') });
  const { loadable } = loaded.code['./tasks/one.ts'] ?? {};
  expect(digestOf(readFileSync(store.code(loadable as NonNullable<typeof loadable>)))).toBe(loadable);
  expect(new Map(loaded.signatures)).toEqual(
    new Map(['pipeline.yaml', 'tasks/one.ts'].map((path) => [at(path), fileSignature(at(path))])),
  );
});

describe('stored checked pipelines', () => {
  test('loadPipeline reuses a checked pipeline without loading a task', async () => {
    const { load } = project();
    const first = await load();
    const again = await load();
    expect(again).toEqual(first);
    expect(loading).toHaveBeenCalledTimes(1);
  });

  test('loadPipeline stores a checked pipeline for each set of overrides, and its tasks only once', async () => {
    const { load } = project();
    await load();
    const other = await load({ set: ['one.limit=7'] });
    expect(other.pipeline.steps[0]?.params).toEqual({ limit: 7 });
    expect((await load()).pipeline.steps[0]?.params).toEqual({ limit: 1 });
    expect(loading).toHaveBeenCalledTimes(1);
  });

  test('loadPipeline loads tasks again only after a task has changed or another is used', async () => {
    const { at, load } = project();
    await load();
    put(at('tasks/one.ts'), '3');
    expect((await load({ set: ['one.limit=7'] })).code['./tasks/one.ts']?.digest).toBe(digestOf('3'));
    expect((await load({ set: ['one.limit=8'] })).sources).toEqual({ [at('tasks/one.ts')]: digestOf('3') });
    expect(loading).toHaveBeenCalledTimes(2);
    put(at('tasks/two.ts'), '4');
    put(at('pipeline.yaml'), 'name: p\nsteps:\n  one: { uses: ./tasks/one.ts }\n  two: { uses: ./tasks/two.ts }\n');
    expect((await load()).pipeline.steps.map(({ params }) => params)).toEqual([{ limit: 3 }, { limit: 4 }]);
    expect(loading).toHaveBeenCalledTimes(3);
  });

  test('loadPipeline checks the pipeline again after a source has changed', async () => {
    const { at, load } = project();
    await load();
    put(at('tasks/one.ts'), '2');
    expect((await load()).pipeline.steps[0]?.params).toEqual({ limit: 2 });
  });

  test('loadPipeline loads tasks again after a file has appeared that an import would find first', async () => {
    const { at, load } = project();
    await load();
    put(at('tasks/one.ts.first'), '');
    await load();
    expect(loading).toHaveBeenCalledTimes(2);
  });

  test('loadPipeline with `afresh` loads tasks again, and replaces the stored pipeline', async () => {
    const { at, store, load } = project();
    await load();
    vi.setSystemTime(Date.now() + 1000);
    const request = { path: at('pipeline.yaml'), overrides: {}, afresh: true };
    expect(await loadPipeline(request, store, openFileMemo(store.fileMemo))).toMatchObject({ ok: true });
    expect(loading).toHaveBeenCalledTimes(2);
    await load();
    expect(loading).toHaveBeenCalledTimes(2);
  });

  test.each<[string, (store: Store) => void]>([
    ['the code is gone', ({ root }) => rmSync(join(root, 'code'), { recursive: true })],
    [
      'the record is cut off',
      ({ root }) => {
        for (const name of readdirSync(join(root, 'plans'))) {
          truncateSync(join(root, 'plans', name), statSync(join(root, 'plans', name)).size - 1);
        }
      },
    ],
  ])('loadPipeline loads tasks again if %s', async (_, harm) => {
    const { store, load } = project();
    const first = await load();
    harm(store);
    expect(await load()).toEqual(first);
    expect(loading).toHaveBeenCalledTimes(2);
  });
});

describe('included files', () => {
  function includingProject() {
    const made = project();
    const { at } = made;
    put(at('pipeline.yaml'), 'name: p\ninclude: ./shared/base.yaml\n');
    put(at('shared/base.yaml'), 'steps:\n  one: { uses: ../tasks/one.ts, params: { limit: 5 } }\n');
    return made;
  }

  test('loadPipeline returns the signatures and digests of included files', async () => {
    const { at, load } = includingProject();
    const loaded = await load();
    expect(loaded.pipeline.steps[0]).toMatchObject({ positions: { limit: 'shared/base.yaml:2' } });
    expect(Object.keys(loaded.included)).toEqual([at('shared/base.yaml')]);
    expect(Object.keys(loaded.sources)).toEqual([at('tasks/one.ts')]);
    expect(new Map(loaded.signatures)).toEqual(
      new Map(['pipeline.yaml', 'shared/base.yaml', 'tasks/one.ts'].map((path) => [at(path), fileSignature(at(path))])),
    );
    const again = await load();
    expect({ ...again, signatures: new Map(again.signatures) }).toEqual({
      ...loaded,
      signatures: new Map(loaded.signatures),
    });
    expect(loading).toHaveBeenCalledTimes(1);
  });

  test('loadPipeline reads a changed included file again, and loads its tasks only once', async () => {
    const { at, load } = includingProject();
    const first = await load();
    put(at('shared/base.yaml'), 'steps:\n  one: { uses: ../tasks/one.ts, params: { limit: 6 } }\n');
    expect((await load()).pipeline.steps[0]?.params).toEqual({ limit: 6 });
    put(at('shared/base.yaml'), 'steps:\n  one: { uses: ../tasks/one.ts, params: { limit: 5 } }\n');
    expect((await load()).pipeline).toEqual(first.pipeline);
    expect(loading).toHaveBeenCalledTimes(1);
  });

  test('loadPipeline fails after an included file was removed, until it is there again', async () => {
    const { at, load } = includingProject();
    await load();
    const text = readFileSync(at('shared/base.yaml'));
    rmSync(at('shared/base.yaml'));
    await expect(load()).rejects.toThrow("there is no file './shared/base.yaml'");
    put(at('shared/base.yaml'), text);
    expect((await load()).pipeline.steps[0]?.params).toEqual({ limit: 5 });
  });

  test('loadPipeline finds another file of a package after its package.json or its folder has changed', async () => {
    const { at, load } = project();
    const step = (limit: number) => `steps: { one: { uses: ./one.ts, params: { limit: ${limit} } } }\n`;
    const limit = async () => (await load()).pipeline.steps[0]?.params.limit;
    const manifest = (file: string) => JSON.stringify({ name: 'lab', exports: { './base.yaml': file } });
    put(at('app/pipeline.yaml'), 'include: lab/base.yaml\n');
    put(at('pipeline.yaml'), 'include: ./app/pipeline.yaml\n');
    put(at('node_modules/lab/package.json'), manifest('./one.yaml'));
    put(at('node_modules/lab/one.yaml'), step(1));
    put(at('node_modules/lab/two.yaml'), step(2));
    put(at('node_modules/lab/one.ts'), '1');
    expect(await limit()).toBe(1);
    expect(await limit()).toBe(1);
    put(at('node_modules/lab/package.json'), manifest('./two.yaml'));
    expect(await limit()).toBe(2);
    put(at('app/node_modules/lab/package.json'), manifest('./one.yaml'));
    put(at('app/node_modules/lab/one.yaml'), step(7));
    put(at('app/node_modules/lab/one.ts'), '1');
    expect(await limit()).toBe(7);
    expect((await load()).pipeline.steps[0]?.task).toEqual({
      kind: 'module',
      uses: './app/node_modules/lab/one.ts',
    });
  });
});

test('loadPipeline fails with a reason for a missing, too large or wrong pipeline, and for a folder', async () => {
  const { at, store } = project();
  const load = (path: string) => loadPipeline({ path: at(path), overrides: {} }, store, openFileMemo(store.fileMemo));
  expect(await load('none.yaml')).toEqual({ ok: false, error: { reason: 'pipeline-missing', path: at('none.yaml') } });
  put(at('folder.yaml/x'), '');
  expect(await load('folder.yaml')).toEqual({
    ok: false,
    error: { reason: 'pipeline-folder', path: at('folder.yaml') },
  });
  put(at('large.yaml'), '');
  truncateSync(at('large.yaml'), 50_000_000);
  expect(await load('large.yaml')).toMatchObject({
    ok: false,
    error: { reason: 'pipeline-too-large', bytes: 50_000_000 },
  });
  put(at('wrong.yaml'), 'name: p\nsteps:\n  one: { uses: ./tasks/none.ts }\n');
  expect(await load('wrong.yaml')).toMatchObject({ ok: false, error: { reason: 'pipeline-invalid' } });
});
