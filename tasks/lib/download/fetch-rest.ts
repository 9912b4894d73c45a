/** Fetches what is missing of a file, in one request. */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { answerProblem, connectionProblem, type Problem } from './answer-problem.ts';
import { type Answer, type Client, discard, header } from './client.ts';

export interface Remote {
  readonly url: string;
  readonly bytes: number;
}

/** `other`: the server has another file than the one that is listed, or than the one that was begun. */
export type Fetched = { readonly fetched: 'all' } | Problem | { readonly other: string };

/** Beside a part: the version of the file that it is a part of, if the server names it. */
export const versionOf = (part: string): string => `${part}.etag`;

export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Appends to `part`, or writes it anew where the server does not go on with the same file. */
export async function fetchRest(
  part: string,
  { url, bytes }: Remote,
  client: Client,
  { progress, signal }: { progress(fraction: number): void; readonly signal: AbortSignal },
): Promise<Fetched> {
  const here = sizeOf(part);
  if (here === bytes) return { fetched: 'all' };
  if (here > bytes) return { other: `${here} bytes are here, expected ${bytes}` };
  let answer: Answer;
  try {
    answer = await client.get(url, here > 0 ? rangeFrom(here, part) : {}, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return connectionProblem(error);
  }
  const problem = answerProblem(answer, url);
  if (problem) return problem;
  const start = answer.statusCode === 200 ? 0 : here;
  const other = otherContent(answer, here, bytes);
  if (other !== undefined) {
    discard(answer);
    return { other };
  }
  if (start === 0) keepVersion(part, header(answer, 'etag'));
  return append(part, start, answer, bytes, progress, signal);
}

function rangeFrom(here: number, part: string): { readonly [name: string]: string } {
  const version = readVersion(part);
  return { range: `bytes=${here}-`, ...(version !== undefined && { 'if-range': version }) };
}

/** Why these are not the bytes from `here` on of a file of that size, or undefined. */
function otherContent(answer: Answer, here: number, bytes: number): string | undefined {
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

/** Weak tags do not tell versions apart byte by byte (RFC 9110, 13.1.5): none is better. */
function keepVersion(part: string, etag: string | undefined): void {
  // The part goes first: a kill in between must not leave it with another version's tag.
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

async function append(
  part: string,
  start: number,
  { body }: Answer,
  bytes: number,
  progress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Fetched> {
  const fd = openSync(part, 'a');
  let at = start;
  let unwritten: unknown;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (at + chunk.length > bytes) return { other: `the server sends more than the expected ${bytes} bytes` };
      try {
        for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
      } catch (error) {
        unwritten = error;
        throw error;
      }
      at += chunk.length;
      progress(at / bytes);
    }
  } catch (error) {
    // A full disk is no failure of the connection.
    if (signal.aborted || error === unwritten) throw error;
    return connectionProblem(error);
  } finally {
    closeSync(fd);
  }
  return at === bytes ? { fetched: 'all' } : { failed: `the connection ended after ${at} of ${bytes} bytes` };
}
