/** What is remembered of a bundle, and whether it would be taken for the code at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { type Bundle, bundleTask } from '../../src/load/bundle.ts';
import { foldersIfStands } from '../../src/load/trail.ts';

export interface Remembered {
  readonly bundle: Bundle;
  stands(): boolean;
}

const contentOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

export async function remember(folder: string, uses = './task.ts'): Promise<Remembered> {
  const bundled = await bundleTask(folder, uses);
  if (!bundled.ok) throw new Error(bundled.error);
  const { sources, trail } = bundled.value;
  const contents = sources.map((path) => [path, contentOf(path)] as const);
  return {
    bundle: bundled.value,
    stands: () =>
      trail !== undefined &&
      foldersIfStands(trail) !== undefined &&
      contents.every(([path, content]) => contentOf(path) === content),
  };
}
