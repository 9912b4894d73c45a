/**
 * The protocol, Bazel's over HTTP: an action's result under `/ac/<key>`, content under `/cas/<digest>`. No answer is
 * trusted: what is downloaded has the size and digest that were asked for, or is none.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { type Digest, endDigest, startDigest } from '../cache/digest.ts';
import type { Key } from '../cache/key.ts';
import { err, ok, type Result } from '../result.ts';
import type { Client } from './client.ts';
import { readTrouble, type Trouble, troubleOf, writeTrouble } from './trouble.ts';

export interface RemoteCache {
  has(path: Path, signal: AbortSignal): Promise<Result<boolean, Trouble>>;
  /** Undefined when it has none, or one larger than `most` bytes. */
  get(path: Path, most: number, signal: AbortSignal): Promise<Result<Buffer | undefined, Trouble>>;
  /** Writes the content to a file, which is on disk (fsync) when it resolves; false when it has none. */
  download(
    file: Content,
    to: string,
    signal: AbortSignal,
    heard: (bytes: number) => void,
  ): Promise<Result<boolean, Trouble>>;
  /** `body` is asked for anew when the connection breaks. */
  put(
    path: Path,
    size: number,
    body: () => Uint8Array | AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Result<void, Trouble>>;
}

export interface Content {
  readonly digest: Digest;
  readonly size: number;
}

type Path = `/ac/${string}` | `/cas/${string}`;
export const resultPath = (key: Key): Path => `/ac/${key}`;
export const blobPath = (digest: Digest): Path => `/cas/${digest}`;

const DOWNLOADS = 8;
const UPLOADS = 4;
const CHUNK = 1 << 20;

export function remoteCache(client: Client): RemoteCache {
  const down = pLimit(DOWNLOADS);
  const up = pLimit(UPLOADS);
  return {
    has: (path, signal) =>
      up(() =>
        answered(signal, async () => {
          const { statusCode, body, headers } = await client.send('HEAD', path, signal);
          await body.dump();
          if (isMissing(statusCode)) return ok(false);
          const trouble = readTrouble(statusCode, location(headers));
          return trouble ? err(trouble) : ok(true);
        }),
      ),

    get: (path, most, signal) =>
      down(() =>
        answered(signal, async () => {
          const opened = await open(client, path, signal);
          if (!opened.ok || opened.value === undefined) return opened as Result<undefined, Trouble>;
          const chunks: Buffer[] = [];
          let bytes = 0;
          for await (const chunk of opened.value) {
            bytes += chunk.length;
            if (bytes > most) return ok(undefined);
            chunks.push(chunk);
          }
          return ok(Buffer.concat(chunks));
        }),
      ),

    download: (file, to, signal, heard) =>
      down(() =>
        answered(signal, async () => {
          const opened = await open(client, blobPath(file.digest), signal);
          if (!opened.ok) return opened;
          return opened.value === undefined ? ok(false) : receive(opened.value, file, to, heard);
        }),
      ),

    put: (path, size, body, signal) =>
      up(() =>
        answered(signal, async () => {
          const content = body();
          const sent = content instanceof Uint8Array ? content : Readable.from(content, { objectMode: false });
          const answer = await client.send('PUT', path, signal, sent, size);
          await answer.body.dump();
          const trouble = writeTrouble(answer.statusCode, location(answer.headers));
          return trouble ? err(trouble) : ok(undefined);
        }),
      ),
  };
}

const isMissing = (status: number): boolean => status === 404 || status === 410;

const location = ({ location }: { readonly location?: string | string[] | undefined }): string | undefined =>
  location?.toString();

async function open(client: Client, path: Path, signal: AbortSignal): Promise<Result<Readable | undefined, Trouble>> {
  const { statusCode, headers, body } = await client.send('GET', path, signal);
  const trouble = isMissing(statusCode) ? undefined : readTrouble(statusCode, location(headers));
  if (statusCode === 200) return ok(body);
  await body.dump();
  return trouble ? err(trouble) : ok(undefined);
}

/** Hashed as it is written, and cut off where it gets too large. */
async function receive(
  body: Readable,
  { digest, size }: Content,
  to: string,
  heard: (bytes: number) => void,
): Promise<Result<boolean, Trouble>> {
  const hashing = startDigest();
  let bytes = 0;
  const checked = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > size) return;
      hashing.update(chunk);
      heard(chunk.length);
      yield chunk;
    }
  };
  // Emptied, where an attempt before this one broke off.
  await pipeline(body, checked, createWriteStream(to, { flush: true, highWaterMark: CHUNK }));
  const found = endDigest(hashing);
  if (bytes === size && found === digest) return ok(true);
  const what = bytes > size ? 'more bytes' : bytes < size ? `${bytes} bytes` : `the digest ${found}`;
  return err({ trouble: 'entry', message: `the content under ${digest} has ${what}, expected its ${size} bytes` });
}

/** Asks once more where the connection broke: a server may end an idle one at that very moment. */
async function answered<T>(signal: AbortSignal, ask: () => Promise<Result<T, Trouble>>): Promise<Result<T, Trouble>> {
  for (let again = false; ; again = true) {
    if (signal.aborted) return err({ trouble: 'interrupted' });
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) return err({ trouble: 'interrupted' });
      const trouble = troubleOf(error);
      if (!trouble) throw error;
      if (again || !isBreak(error)) return err(trouble);
    }
  }
}

const isBreak = (error: unknown): boolean =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
