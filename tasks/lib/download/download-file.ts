/** Downloads a file whose size and MD5 are known into a folder that outlives failures, and goes on where it broke off. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from 'groundproof/task';
import { checkRoom } from './check-room.ts';
import type { Client } from './client.ts';
import { fetchRest, type Remote, sizeOf, versionOf } from './fetch-rest.ts';
import { md5OfFile } from './md5-of-file.ts';
import { type Patience, retry, type Tried } from './retry.ts';
import { sizeText } from './size-text.ts';

export interface ListedFile extends Remote {
  readonly name: string;
  readonly md5: string;
}

export interface Means extends Patience {
  readonly client: Client;
  readonly freeBytes: (path: string) => Promise<number>;
  /** How many other archives the run has yet to download. */
  readonly others: number;
  progress(fraction: number): void;
}

/**
 * Returns the path of the whole file in `folder`. Until it is whole and checked it has another name there.
 *
 * @throws DataError when the disk is too small, when the server refuses or fails for good, or when what it sends is
 * twice something else than what is listed.
 */
export async function downloadFile(file: ListedFile, folder: string, means: Means): Promise<string> {
  const { name, bytes, md5 } = file;
  const { log, signal } = means;
  const [whole, part] = [join(folder, 'whole'), join(folder, 'part')];
  if (existsSync(whole)) {
    if ((await md5OfFile(whole, signal)) === md5) {
      log(`${name} (${sizeText(bytes)}) was downloaded before`);
      return whole;
    }
    // Never written to: its content may be that of a result as well.
    rmSync(whole);
  }
  log(checkRoom({ name, bytes, here: sizeOf(part), others: means.others }, await means.freeBytes(folder)));

  const others: string[] = [];
  let farthest = sizeOf(part);
  const attempt = async (): Promise<Tried<string>> => {
    const fetched = await fetchRest(part, file, means.client, means);
    const found = 'fetched' in fetched ? await md5OfFile(part, signal) : null;
    if (found === md5) return { done: whole };
    if ('failed' in fetched) {
      const progressed = sizeOf(part) > farthest;
      farthest = Math.max(farthest, sizeOf(part));
      return { ...fetched, progressed };
    }
    rmSync(part, { force: true });
    rmSync(versionOf(part), { force: true });
    others.push('other' in fetched ? fetched.other : `its md5 is ${found}, expected ${md5}`);
    if (others.length > 1) throw new DataError(otherFileText(file, others));
    return { failed: others.join() };
  };
  const then = `what is here is kept: run again to go on`;
  await retry(`${name} from ${new URL(file.url).host}`, then, attempt, means);
  renameSync(part, whole);
  rmSync(versionOf(part), { force: true });
  return whole;
}

const otherFileText = ({ name, url, bytes, md5 }: ListedFile, others: readonly string[]): string =>
  `${url} is not the listed ${name} (${bytes} bytes, md5 ${md5}). Tried twice: ${others.join('; then ')}. ` +
  'Either it was changed there, or the manifest is wrong, or something on the way changes it';
