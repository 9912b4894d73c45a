import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Task } from '../src/task/define.ts';
import { filesPage, type StepOutputs } from './docs/files-page.ts';
import { REPOSITORY } from './docs/project.ts';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** The comment at the top of a module, as a paragraph. */
const purposeOf = (module: string): string =>
  (/^\/\*\*([\s\S]*?)\*\//.exec(module)?.[1] ?? '').replaceAll(/\n \* ?/g, ' ').trim();

test('docs/files.md equals the declarations of the pipeline’s tasks', async () => {
  const { steps } = parse(read('pipeline.yaml')) as {
    steps: { readonly [step: string]: { readonly uses: string; readonly each?: string } };
  };
  const all = Object.entries(steps).map(async ([step, { uses, each }]): Promise<StepOutputs> => {
    const { default: task } = (await import(join(REPOSITORY, uses))) as { default: Task };
    return { step, each: each !== undefined, purpose: purposeOf(read(uses)), outputs: task.outputs };
  });
  await expect(filesPage(await Promise.all(all))).toMatchFileSnapshot('../docs/files.md');
});

test('docs/architecture.md names files and rooms that exist', () => {
  const page = read('docs/architecture.md');
  const files = [...page.matchAll(/`([\w-]+(?:\/[\w-]+)*\/[\w-]+\.ts)`/g)].map(([, path = '']) => path);
  const rooms = [...page.matchAll(/^\| `([a-z-]+(?:\/[a-z]+)?)` \| [A-Z]/gm)].map(([, room = '']) => room);
  expect(files.length).toBeGreaterThan(40);
  expect(rooms.length).toBeGreaterThan(20);
  const missing = [...files, ...rooms].filter(
    (path) => !['src', 'tasks/lib', '.'].some((top) => existsSync(join(REPOSITORY, top, path))),
  );
  expect(missing).toEqual([]);
});
