/** Suggests the file that was probably meant where a user's file does not exist. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import { loadPipeline } from '../load/load-pipeline.ts';
import { nearest } from '../pipeline/text/nearest.ts';
import type { Session } from './session.ts';
import type { UnusableInputs } from './unusable-inputs.ts';

interface Gone {
  readonly path: string;
  readonly takers: readonly string[];
}

/** With each missing file the nearest name that exists, and with each recording that is not listed the nearest that is. */
export async function hintsFor(
  session: Session,
  gone: readonly Gone[],
  recordings: readonly string[],
): Promise<Pick<UnusableInputs, 'missing' | 'recordings'>> {
  const { folder } = session.loaded;
  const missing = gone.map(({ path, takers }) => ({ path, takers, nearest: nearestPath(folder, path) ?? null }));
  const listed = gone.length > 0 ? await listedRecordings(session) : undefined;
  const unlisted = listed ? recordings.filter((name) => !listed.includes(name)) : [];
  return { missing, recordings: unlisted.map((name) => ({ name, nearest: nearest(name, listed ?? []) ?? null })) };
}

/** The recordings without `--each`; undefined where the pipeline cannot be loaded so. */
async function listedRecordings({ request, store, memo }: Session): Promise<readonly string[] | undefined> {
  const { each, ...overrides } = request.overrides;
  if (each === undefined) return undefined;
  const plain = await loadPipeline({ path: request.pipeline, overrides }, store, memo);
  return plain.ok ? plain.value.pipeline.recordings : undefined;
}

/** The first part of a path that does not exist, replaced by the nearest name beside it. */
function nearestPath(folder: string, path: string): string | undefined {
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
