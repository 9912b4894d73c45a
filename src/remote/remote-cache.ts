/**
 * Bazel's protocol over HTTP: an action's result under `/ac/<key>`, content under `/cas/<digest>`. Trusts no answer:
 * refuses content whose size or digest differs from the expected.
 */

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { err, ok, type Result } from '../base/result.ts';
import { type Digest, endDigest, startDigest } from '../files/digest.ts';
import type { Key } from '../store/key.ts';
import type { Client } from './client.ts';
import type { Limits } from './limits.ts';
import type { Pace } from './pace.ts';
import { retryOnce } from './retry-once.ts';
import { readTrouble, type Trouble, writeTrouble } from './trouble.ts';

export interface RemoteCache {
  /** The entry's headers by HEAD; undefined if the entry is missing. */
  find(path: Path, signal: AbortSignal): Promise<Result<Found | undefined, Trouble>>;
  /** Undefined if the entry is missing; `'too-large'` if it has more than `most` bytes. */
  get(path: Path, most: number, signal: AbortSignal): Promise<Result<Buffer | 'too-large' | undefined, Trouble>>;
  /** Writes the content to a file and flushes it (fsync). False if the content is missing. */
  download(content: Content, to: string, options: DownloadOptions): Promise<Result<boolean, Trouble>>;
  /** Calls `body` again if the connection breaks. */
  put(path: Path, content: Upload, signal: AbortSignal): Promise<Result<void, Trouble>>;
}

interface Found {
  /** Undefined if the server does not tell. */
  readonly size: number | undefined;
}

interface DownloadOptions {
  readonly signal: AbortSignal;
  onBytes(bytes: number): void;
}

interface Upload {
  readonly size: number;
  body(): Uint8Array | AsyncIterable<Uint8Array>;
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
const HEADS = 8;
const CHUNK = 1 << 20;

export function remoteCache(client: Client, limits: Limits): RemoteCache {
  const down = pLimit(DOWNLOADS);
  const up = pLimit(UPLOADS);
  const heads = pLimit(HEADS);
  const reading = <T>(signal: AbortSignal, request: (pace: Pace) => Promise<Result<T, Trouble>>) =>
    retryOnce({ limits, signal, slow: 'remote' }, request);
  return {
    find: (path, signal) =>
      heads(() =>
        reading(signal, async (pace) => {
          const { statusCode, body, headers } = await client.send({ method: 'HEAD', path, signal: pace.signal });
          await body.dump();
          if (isMissing(statusCode)) return ok(undefined);
          const trouble = readTrouble(statusCode, location(headers));
          return trouble ? err(trouble) : ok({ size: sizeIn(headers) });
        }),
      ),

    get: (path, most, signal) =>
      down(() =>
        reading(signal, async (pace) => {
          const opened = await open(client, path, pace);
          if (!opened.ok || opened.value === undefined) return opened as Result<undefined, Trouble>;
          return ok(await readWhole(opened.value, most, pace));
        }),
      ),

    download: (content, to, { signal, onBytes }) =>
      down(() =>
        reading(signal, async (pace) => {
          const opened = await open(client, blobPath(content.digest), pace);
          if (!opened.ok) return opened;
          const counted = (bytes: number) => {
            pace.moved(bytes);
            onBytes(bytes);
          };
          return opened.value === undefined ? ok(false) : receive(opened.value, content, to, counted);
        }),
      ),

    put: (path, { size, body }, signal) =>
      up(() =>
        retryOnce({ limits, signal, slow: 'write' }, async (pace) => {
          const content = { body: bodyOf(body(), pace), size };
          const answer = await client.send({ method: 'PUT', path, signal: pace.signal, content });
          await answer.body.dump();
          const trouble = writeTrouble(answer.statusCode, location(answer.headers));
          return trouble ? err(trouble) : ok(undefined);
        }),
      ),
  };
}

const isMissing = (status: number): boolean => status === 404 || status === 410;

interface Headers {
  readonly location?: string | string[] | undefined;
  readonly 'content-length'?: string | string[] | undefined;
}
const location = ({ location }: Headers): string | undefined => location?.toString();

function sizeIn({ 'content-length': length }: Headers): number | undefined {
  return length !== undefined && /^\d+$/.test(length.toString()) ? Number(length) : undefined;
}

async function open(client: Client, path: Path, { signal }: Pace): Promise<Result<Readable | undefined, Trouble>> {
  const { statusCode, headers, body } = await client.send({ method: 'GET', path, signal });
  const trouble = isMissing(statusCode) ? undefined : readTrouble(statusCode, location(headers));
  if (statusCode === 200) return ok(body);
  await body.dump();
  return trouble ? err(trouble) : ok(undefined);
}

async function readWhole(body: Readable, most: number, pace: Pace): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    pace.moved(chunk.length);
    bytes += chunk.length;
    if (bytes > most) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function bodyOf(content: Uint8Array | AsyncIterable<Uint8Array>, pace: Pace): Uint8Array | Readable {
  if (content instanceof Uint8Array) {
    pace.moved(content.length);
    return content;
  }
  const counted = async function* () {
    for await (const chunk of content) {
      yield chunk;
      pace.moved(chunk.length);
    }
  };
  return Readable.from(counted(), { objectMode: false });
}

/** Hashes the content while writing it, and stops as soon as it is too large. */
async function receive(
  body: Readable,
  { digest, size }: Content,
  to: string,
  onBytes: (bytes: number) => void,
): Promise<Result<boolean, Trouble>> {
  const hashing = startDigest();
  let bytes = 0;
  const checked = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > size) return;
      hashing.update(chunk);
      onBytes(chunk.length);
      yield chunk;
    }
  };
  // The stream truncates the file, which an attempt before may have left.
  await pipeline(body, checked, createWriteStream(to, { flush: true, highWaterMark: CHUNK }));
  const found = endDigest(hashing);
  if (bytes === size && found === digest) return ok(true);
  const actual = bytes === size ? `the digest ${found}` : sizeText(bytes, size);
  return err({
    trouble: 'content',
    digest,
    message: `the content under ${digest} has ${actual}, expected its ${size} bytes`,
  });
}

const sizeText = (bytes: number, size: number): string => (bytes > size ? 'more bytes' : `${bytes} bytes`);
