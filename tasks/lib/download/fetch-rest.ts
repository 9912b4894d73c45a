/** Fetches the missing rest of a file in one request. */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { answerProblem, connectionProblem, type Problem } from './answer-problem.ts';
import { type Answer, type Client, discard, header } from './client.ts';

export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
}

/** `mismatch`: the server's file is not the listed file, or not the file that the part belongs to. */
export type Fetched = { readonly fetched: 'all' } | Problem | { readonly mismatch: string };

/** Path beside a part that holds the ETag of its file, if the server sends a strong ETag. */
export const versionOf = (part: string): string => `${part}.etag`;

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

interface FetchContext {
  progress(fraction: number): void;
  readonly signal: AbortSignal;
}

/** Appends to `part`, or writes it anew if the server does not continue the same file. */
export async function fetchRest(
  part: string,
  { url, bytes }: RemoteFile,
  client: Client,
  context: FetchContext,
): Promise<Fetched> {
  const here = sizeOf(part);
  if (here === bytes) return { fetched: 'all' };
  if (here > bytes) return { mismatch: `${here} bytes are here, expected ${bytes}` };
  let answer: Answer;
  try {
    answer = await client.get(url, here > 0 ? rangeFrom(here, part) : {}, context.signal);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return connectionProblem(error);
  }
  const problem = answerProblem(answer, url);
  if (problem) return problem;
  const start = answer.statusCode === 200 ? 0 : here;
  const mismatch = mismatchIn(answer, here, bytes);
  if (mismatch !== undefined) {
    discard(answer);
    return { mismatch };
  }
  if (start === 0) storeVersion(part, header(answer, 'etag'));
  return append(answer, { path: part, start, bytes }, context);
}

function rangeFrom(here: number, part: string): { readonly [name: string]: string } {
  const version = readVersion(part);
  return { range: `bytes=${here}-`, ...(version !== undefined && { 'if-range': version }) };
}

/** Explains why the answer is not the rest, from byte `here`, of a file of `bytes` bytes; else undefined. */
function mismatchIn(answer: Answer, here: number, bytes: number): string | undefined {
  if (answer.statusCode === 416) return `the server has no bytes from ${here} on, expected ${bytes}`;
  if (answer.statusCode === 200) {
    const length = header(answer, 'content-length');
    return length === undefined || Number(length) === bytes
      ? undefined
      : `the server's file has ${length} bytes, expected ${bytes}`;
  }
  const range = header(answer, 'content-range') ?? '';
  const [, from, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  return Number(from) === here && (size === '*' || Number(size) === bytes)
    ? undefined
    : `the server sends the range '${range}', expected bytes ${here}- of ${bytes}`;
}

/** Stores strong ETags only: weak ETags do not tell versions apart byte by byte (RFC 9110, 13.1.5). */
function storeVersion(part: string, etag: string | undefined): void {
  // Empty the part first, so that a kill between the two writes cannot leave it with the ETag of another version.
  writeFileSync(part, '');
  if (etag?.startsWith('"')) writeFileSync(versionOf(part), etag);
  else rmSync(versionOf(part), { force: true });
}

function readVersion(part: string): string | undefined {
  try {
    return readFileSync(versionOf(part), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

interface PartialFile {
  readonly path: string;
  /** Size before the answer is appended. */
  readonly start: number;
  /** Size of the complete file. */
  readonly bytes: number;
}

async function append(
  { body }: Answer,
  { path, start, bytes }: PartialFile,
  { progress, signal }: FetchContext,
): Promise<Fetched> {
  const fd = openSync(path, 'a');
  let at = start;
  let writeError: unknown;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (at + chunk.length > bytes) return { mismatch: `the server sends more than the expected ${bytes} bytes` };
      try {
        for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
      } catch (error) {
        writeError = error;
        throw error;
      }
      at += chunk.length;
      progress(at / bytes);
    }
  } catch (error) {
    // A full disk is not a connection failure: a retry would not help.
    if (signal.aborted || error === writeError) throw error;
    return connectionProblem(error);
  } finally {
    closeSync(fd);
  }
  return at === bytes ? { fetched: 'all' } : { failed: `the connection ended after ${at} of ${bytes} bytes` };
}
