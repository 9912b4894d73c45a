import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Task } from '../src/task/define.ts';
import { filesPage, type StepOutputs } from './docs/files-page.ts';
import { REPOSITORY } from './docs/project.ts';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

/** The comment that a module begins with, as one paragraph. */
const purposeOf = (module: string): string =>
  (/^\/\*\*([\s\S]*?)\*\//.exec(module)?.[1] ?? '').replaceAll(/\n \* ?/g, ' ').trim();

test('docs/files.md is what the tasks of the pipeline declare', async () => {
  const { steps } = parse(read('pipeline.yaml')) as {
    steps: { readonly [step: string]: { readonly uses: string; readonly each?: string } };
  };
  const all = Object.entries(steps).map(async ([step, { uses, each }]): Promise<StepOutputs> => {
    const { default: task } = (await import(join(REPOSITORY, uses))) as { default: Task };
    return { step, each: each !== undefined, purpose: purposeOf(read(uses)), outputs: task.outputs };
  });
  await expect(filesPage(await Promise.all(all))).toMatchFileSnapshot('../docs/files.md');
});
