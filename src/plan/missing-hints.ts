/** Suggests the file that the user probably meant in place of a missing file. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { loadPipeline } from '../load/load-pipeline.ts';
import { nearest } from '../pipeline/text/nearest.ts';
import type { Session } from './session.ts';
import type { UnusableInputs } from './unusable-inputs.ts';

interface MissingFile {
  readonly path: string;
  readonly takers: readonly string[];
}

/** Adds the nearest existing name to each missing file, and the nearest listed recording to each unlisted recording. */
export async function hintsFor(
  session: Session,
  files: readonly MissingFile[],
  recordings: readonly string[],
): Promise<Pick<UnusableInputs, 'missing' | 'recordings'>> {
  const { folder } = session.loaded;
  const missing = files.map(({ path, takers }) => ({ path, takers, nearest: nearestPath(folder, path) ?? null }));
  const listed = files.length > 0 ? await listedRecordings(session) : undefined;
  const unlisted = listed ? recordings.filter((name) => !listed.includes(name)) : [];
  return { missing, recordings: unlisted.map((name) => ({ name, nearest: nearest(name, listed ?? []) ?? null })) };
}

/** The recordings that the pipeline itself lists; undefined without `--each`, or if it cannot be loaded without. */
async function listedRecordings({ request, store, memo }: Session): Promise<readonly string[] | undefined> {
  const { each, ...overrides } = request.overrides;
  if (each === undefined) return undefined;
  const plain = await loadPipeline({ path: request.pipeline, overrides }, store, memo);
  return plain.ok ? plain.value.pipeline.recordings : undefined;
}

/** The path with its first missing part replaced by the nearest name in the same folder. */
export function nearestPath(folder: string, path: string): string | undefined {
  const parts = path.split('/');
  for (const [at, part] of parts.entries()) {
    const above = parts.slice(0, at).join('/');
    const names = namesIn(join(folder, above));
    if (names.includes(part) || part === '.' || part === '..') continue;
    const near = nearest(part, names);
    return near === undefined ? undefined : [...parts.slice(0, at), near, ...parts.slice(at + 1)].join('/');
  }
  return undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}
