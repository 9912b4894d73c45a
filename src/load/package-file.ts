/** Finds a file of an npm package as the bundler finds the module of `uses`. */
import { build } from 'esbuild';
import { RESOLUTION } from './bundle.ts';
import { follow, followEnclosing } from './follow.ts';

import type { Tracker } from './trail.ts';

/** Returns the file's real path, or undefined. The tracker records how it was found. */
export async function findPackageFile(tracker: Tracker, from: string, name: string): Promise<string | undefined> {
  let found: string | undefined;
  await build({
    ...RESOLUTION,
    stdin: { contents: '', resolveDir: from },
    write: false,
    bundle: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'package-file',
        setup(building) {
          building.onStart(async () => {
            const resolved = await building.resolve(name, { kind: 'import-statement', resolveDir: from });
            const isFound = resolved.errors.length === 0 && !resolved.external && resolved.namespace === 'file';
            if (isFound) found = resolved.path;
          });
        },
      },
    ],
  });
  follow(tracker, { from, name, found });
  followEnclosing(tracker, from);
  return found;
}
