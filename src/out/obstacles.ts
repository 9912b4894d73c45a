/** Finds obstacles: files in `out/` that groundproof did not put there and therefore must not replace. */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFailure } from '../base/failure.ts';
import { digestOfFile } from '../files/digest.ts';
import type { Store } from '../store/layout.ts';
import { contentAt, type WantedFile } from './file.ts';
import { LOCK, SCRATCH } from './lock.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import { parentState } from './path.ts';
import { readOutState, STATE } from './state.ts';

/** The manifest of groundwork, the earlier name of this program. */
const EARLIER_MANIFEST = '.groundwork-out.jsonl';

/** Refuses to use a file, or a folder with files that groundproof did not make, as `out/`. */
export function whyRefused(root: string): RunFailure | undefined {
  const found = statSync(root, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (!found.isDirectory()) return { reason: 'out-refused', path: root };
  if (existsSync(join(root, EARLIER_MANIFEST))) return { reason: 'earlier-name', of: 'out', path: root };
  const isOurs = readOutState(root) !== undefined;
  const others = readdirSync(root).filter((name) => !name.startsWith('.groundproof-out.'));
  // Look for the manifest last: another process may be making it.
  const hasManifest = () => lstatSync(join(root, MANIFEST), { throwIfNoEntry: false }) !== undefined;
  if (others.length > 0 && !isOurs && !hasManifest()) return { reason: 'out-refused', path: root };
  const wrong = [MANIFEST, LOCK, SCRATCH, STATE].filter((name) => {
    const there = lstatSync(join(root, name), { throwIfNoEntry: false });
    if (name === STATE && there?.isFile()) return !isOurs && there.size > 0;
    return there && !(name === SCRATCH ? there.isDirectory() : there.isFile());
  });
  return wrong.length > 0 ? { reason: 'out-in-the-way', paths: wrong.map((name) => join(root, name)) } : undefined;
}

/** ListedFiles that the manifest lists for a pipeline that still exists are that pipeline's. */
export const belongsToAnother = (root: string, owner: string | null, pipeline: string): boolean =>
  owner !== null && owner !== pipeline && existsSync(join(root, owner));

/** If the manifest is damaged, a file whose content is in the store may be replaced, because its content is not lost. */
const isStoredContent = async (store: Store, path: string): Promise<boolean> =>
  lstatSync(path).isFile() && existsSync(store.blob(await digestOfFile(path)));

export type PathCheck = 'to put' | 'in place' | 'damaged' | { readonly inTheWay: string };

/** Says how to show a file. @param context `pipeline`: the pipeline that shows it, relative to `root` */
export async function checkPath(
  file: string,
  wanted: WantedFile,
  context: { readonly root: string; readonly store: Store; readonly manifest: Manifest; readonly pipeline: string },
): Promise<PathCheck> {
  const { root, store, manifest, pipeline } = context;
  const parent = parentState(root, file);
  if (typeof parent === 'object') return { inTheWay: parent.blockedBy };
  const path = join(root, file);
  const found = parent === 'missing' ? undefined : lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 'to put';
  const entry = manifest.entry(manifest.ownerOf(file) ?? '');
  const listed = entry?.files[file];
  if (entry && belongsToAnother(root, entry.pipeline, pipeline)) return { inTheWay: path };
  const isOld = listed !== undefined && listed.digest !== wanted.blob.digest;
  if (isOld && !found.isDirectory()) return 'to put';
  const content = await contentAt(path, wanted);
  if (content === 'wanted') {
    const isExecutable = (found.mode & 0o100) !== 0;
    return found.isSymbolicLink() || isExecutable === (wanted.blob.executable === true) ? 'in place' : 'to put';
  }
  if (content === 'damaged') return 'damaged';
  if (listed && !found.isDirectory()) return 'to put';
  return manifest.isDamaged && (await isStoredContent(store, path)) ? 'to put' : { inTheWay: path };
}
