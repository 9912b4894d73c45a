/** Remembers a bundle as a run does, and tells whether the next run would reuse it. */
import { existsSync, readFileSync } from 'node:fs';
import { type Bundle, bundleTask } from '../../src/load/bundle.ts';
import { foldersIfValid } from '../../src/load/trail.ts';

export interface Remembered {
  readonly bundle: Bundle;
  isValid(): boolean;
}

const contentOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

export async function remember(folder: string, uses = './task.ts'): Promise<Remembered> {
  const bundled = await bundleTask(folder, uses);
  if (!bundled.ok) throw new Error(bundled.error);
  const { sources, trail } = bundled.value;
  const contents = sources.map((path) => [path, contentOf(path)] as const);
  return {
    bundle: bundled.value,
    isValid: () =>
      trail !== undefined &&
      foldersIfValid(trail) !== undefined &&
      contents.every(([path, content]) => contentOf(path) === content),
  };
}
