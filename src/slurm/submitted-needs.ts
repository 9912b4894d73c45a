/** The code and results that the submissions in a store still need: gc must not remove them. */
import { join } from 'node:path';
import type { Digest } from '../files/digest.ts';
import { entriesIn } from '../files/list-folder.ts';
import type { Key } from '../store/key.ts';
import type { StorePaths } from '../store/layout.ts';
import { readEvents } from './event-file.ts';
import { readSnapshot, submissionsFolder } from './submission.ts';

/** If no run has taken the results of the jobs by then, nobody will. */
const NEEDED_MS = 30 * 24 * 3600 * 1000;

/** The code of the slots, and the keys that their jobs made, of the submissions of the last thirty days. */
export function submittedNeeds(
  store: StorePaths,
  now = Date.now(),
): { readonly code: readonly Digest[]; readonly keys: readonly Key[] } {
  const code: Digest[] = [];
  const keys: Key[] = [];
  for (const entry of entriesIn(submissionsFolder(store))) {
    if (!entry.isDirectory()) continue;
    const folder = join(submissionsFolder(store), entry.name);
    const snapshot = readSnapshot({ folder });
    if (!snapshot || now - Date.parse(snapshot.began) > NEEDED_MS) continue;
    code.push(...Object.values(snapshot.loaded.code).map(({ loadable }) => loadable));
    for (const file of entriesIn(folder)) {
      if (!file.name.endsWith('.events')) continue;
      const { lines } = readEvents(join(folder, file.name), 0);
      keys.push(...lines.flatMap((line) => (line.type === 'result-made' ? [line.key] : [])));
    }
  }
  return { code, keys };
}
