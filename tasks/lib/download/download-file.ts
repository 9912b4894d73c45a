/** Downloads a file of known size and MD5 into a folder that outlives failures, and resumes a partial download. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from 'groundproof/task';
import { checkSpace, sizeText } from './check-space.ts';
import type { Client } from './client.ts';
import { fetchRest, type RemoteFile, sizeOf, versionOf } from './fetch-rest.ts';
import { md5OfFile } from './md5-of-file.ts';
import { type Attempt, type RetryContext, retry } from './retry.ts';

export interface ListedFile extends RemoteFile {
  readonly name: string;
  readonly md5: string;
}

export interface DownloadContext extends RetryContext {
  readonly client: Client;
  readonly freeBytes: (path: string) => Promise<number>;
  /** Number of other archives that the run has not started to download. */
  readonly others: number;
  progress(fraction: number): void;
}

/**
 * Returns the path of the complete file in `folder`. An unfinished or unchecked file has another name there.
 *
 * @throws DataError if the disk is too small, if the server refuses or keeps failing, or if it sends a different file
 * twice.
 */
export async function downloadFile(file: ListedFile, folder: string, context: DownloadContext): Promise<string> {
  const { name, bytes, md5 } = file;
  const { log, signal } = context;
  const [whole, part] = [join(folder, 'whole'), join(folder, 'part')];
  if (existsSync(whole)) {
    if ((await md5OfFile(whole, signal)) === md5) {
      log(`${name} (${sizeText(bytes)}) was downloaded before`);
      return whole;
    }
    // Replaced, not overwritten: a stored result may be a hard link to it.
    rmSync(whole);
  }
  log(checkSpace({ name, bytes, here: sizeOf(part), others: context.others }, await context.freeBytes(folder)));

  const mismatches: string[] = [];
  let farthest = sizeOf(part);
  const attempt = async (): Promise<Attempt<string>> => {
    const fetched = await fetchRest(part, file, context.client, context);
    const found = 'fetched' in fetched ? await md5OfFile(part, signal) : null;
    if (found === md5) return { done: whole };
    if ('failed' in fetched) {
      const progressed = sizeOf(part) > farthest;
      farthest = Math.max(farthest, sizeOf(part));
      return { ...fetched, progressed };
    }
    rmSync(part, { force: true });
    rmSync(versionOf(part), { force: true });
    mismatches.push('mismatch' in fetched ? fetched.mismatch : `its md5 is ${found}, expected ${md5}`);
    if (mismatches.length > 1) throw new DataError(mismatchText(file, mismatches));
    return { failed: mismatches.join() };
  };
  const advice = 'the part downloaded so far is kept: run again to resume';
  await retry(`${name} from ${new URL(file.url).host}`, advice, attempt, context);
  renameSync(part, whole);
  rmSync(versionOf(part), { force: true });
  return whole;
}

const mismatchText = ({ name, url, bytes, md5 }: ListedFile, mismatches: readonly string[]): string =>
  `${url} is not the listed ${name} (${bytes} bytes, md5 ${md5}). Tried twice: ${mismatches.join('; then ')}. ` +
  'Either it was changed there, or the manifest is wrong, or something on the way changes it';
