/** Fetches the file list of a Zenodo record from its REST API. */
import { DataError } from 'groundproof/task';
import { answerProblem, connectionProblem } from './answer-problem.ts';
import type { Client } from './client.ts';
import { isMd5, type Manifest } from './manifest.ts';
import { type RetryContext, retry } from './retry.ts';

export interface FileEntry {
  readonly bytes: number;
  readonly md5: string;
}

/** Returns every file of the record by name. */
export async function fetchRecordFiles(
  { site, record }: Manifest,
  { client, ...context }: RetryContext & { readonly client: Client },
): Promise<ReadonlyMap<string, FileEntry>> {
  const url = `${site}/api/records/${record}/files`;
  const { signal } = context;
  const text = await retry(
    url,
    'run again',
    async () => {
      try {
        const answer = await client.get(url, { accept: 'application/json' }, signal);
        return answerProblem(answer, url) ?? { done: await answer.body.text() };
      } catch (error) {
        if (signal.aborted || error instanceof DataError) throw error;
        return connectionProblem(error);
      }
    },
    context,
  );
  return readRecordFiles(text, url);
}

/**
 * Reads `{ entries: [{ key, size, checksum: 'md5:...' }] }`, the answer of InvenioRDM's `/records/ID/files`.
 *
 * @throws DataError for anything else.
 */
export function readRecordFiles(text: string, url: string): ReadonlyMap<string, FileEntry> {
  const unexpected = (found: string) =>
    new DataError(`${url}: expected { entries: [{ key, size, checksum: "md5:..." }] }, found ${found}`);
  let answer: { readonly entries?: unknown } | null;
  try {
    answer = JSON.parse(text);
  } catch {
    throw unexpected(JSON.stringify(text.slice(0, 80)));
  }
  const entries = answer?.entries;
  if (!Array.isArray(entries)) throw unexpected(JSON.stringify(answer).slice(0, 80));
  const files = entries.map((entry: { key?: unknown; size?: unknown; checksum?: unknown } | null) => {
    const { key, size, checksum } = entry ?? {};
    const md5 = String(checksum).replace(/^md5:/, '');
    if (typeof key !== 'string' || !Number.isSafeInteger(size) || !isMd5(md5)) {
      throw unexpected(JSON.stringify(entry));
    }
    return [key, { bytes: Number(size), md5 }] as const;
  });
  return new Map(files);
}
