/** Tells what a place in `out/` holds: nothing, a file of ours, the wanted content, or something else. */
import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFailure } from '../base/failure.ts';
import { digestOfFile } from '../files/digest.ts';
import type { Store } from '../store/layout.ts';
import { contentAt, type Wanted } from './file.ts';
import { LOCK, SCRATCH } from './lock.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import { wayTo } from './path.ts';
import { readOutState, STATE } from './state.ts';

/** The manifest of groundwork, as this program was called before. */
const EARLIER_MANIFEST = '.groundwork-out.jsonl';

/** A folder that holds something and was never made by groundproof, or a file, is not written to. */
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

/** Files that the manifest lists for a pipeline that still exists are that pipeline's. */
export const isAnothers = (root: string, owner: string | null, own: string): boolean =>
  owner !== null && owner !== own && existsSync(join(root, owner));

/** Where the manifest was damaged, a file whose content is a stored result counts as ours: nothing is lost with it. */
const isStoredContent = async (store: Store, path: string): Promise<boolean> =>
  lstatSync(path).isFile() && existsSync(store.blob(await digestOfFile(path)));

export type Standing = 'to put' | 'in place' | 'damaged' | { readonly inTheWay: string };

/**
 * @param where `pipeline`: who wants to put the file, relative to `root`
 */
export async function standing(
  file: string,
  wanted: Wanted,
  where: { readonly root: string; readonly store: Store; readonly manifest: Manifest; readonly pipeline: string },
): Promise<Standing> {
  const { root, store, manifest, pipeline } = where;
  const way = wayTo(root, file);
  if (typeof way === 'object') return { inTheWay: way.blockedBy };
  const path = join(root, file);
  const found = way === 'missing' ? undefined : lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 'to put';
  const entry = manifest.entry(manifest.placeOf(file) ?? '');
  const listed = entry?.files[file];
  if (entry && isAnothers(root, entry.pipeline, pipeline)) return { inTheWay: path };
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
