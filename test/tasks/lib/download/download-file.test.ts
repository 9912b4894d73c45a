import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { DataError } from 'groundproof/task';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openClient } from '../../../../tasks/lib/download/client.ts';
import { type DownloadContext, downloadFile } from '../../../../tasks/lib/download/download-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { breakingAfter, fileOf, serve, status } from './server.ts';

const content = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 31) % 251));
const changed = Buffer.from(content).fill(7, 100, 200);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/** Sends the body in chunks, without a content-length. */
const withoutLength =
  (body: Buffer): RequestListener =>
  (_request, response) => {
    response.write(body);
    response.end();
  };

/** Downloads from a server that gives these answers; pauses are recorded and take no time. */
async function downloading(
  answers: readonly RequestListener[],
  {
    folder = temporaryFolder(),
    listed = content,
    stallMs = 5000,
    ...more
  }: Partial<DownloadContext> & {
    folder?: string;
    listed?: Buffer;
    stallMs?: number;
  } = {},
) {
  const { url, requests } = await serve(...answers);
  const [pauses, messages, progress]: [number[], string[], number[]] = [[], [], []];
  const client = openClient({ http: '', https: '', except: '' }, stallMs);
  onTestFinished(() => client.close());
  const context: DownloadContext = {
    client,
    pause: async (ms) => void pauses.push(ms),
    freeBytes: async () => 1e12,
    others: 0,
    log: (message) => void messages.push(message),
    progress: (fraction) => void progress.push(fraction),
    signal: new AbortController().signal,
    ...more,
  };
  const file = { name: 'a.tar.gz', url: `${url}/a.tar.gz?download=1`, bytes: listed.length, md5: md5(listed) };
  const path = downloadFile(file, folder, context);
  path.catch(() => {});
  const read = async () => readFileSync(await path);
  const ranges = () => requests.map(({ headers }) => headers.range);
  return { path, read, folder, requests, ranges, pauses, messages, progress };
}

test('a download reports progress and gets its final name only when complete', async () => {
  const { read, folder, requests, progress, messages } = await downloading([
    (request, response) => {
      expect(readdirSync(folder)).toEqual([]);
      fileOf(content)(request, response);
    },
  ]);
  expect((await read()).equals(content)).toBe(true);
  expect(readdirSync(folder)).toEqual(['whole']);
  expect(requests.map(({ url }) => url)).toEqual(['/a.tar.gz?download=1']);
  expect(progress.at(-1)).toBe(1);
  expect(messages).toEqual([expect.stringContaining('a.tar.gz: 60.0 kB to download')]);
});

describe('resuming a download', () => {
  test('resumes with a range request for the same version', async () => {
    const { read, requests, ranges, pauses, messages } = await downloading([
      breakingAfter(20_000, content),
      breakingAfter(15_000, content),
      fileOf(content),
    ]);
    expect((await read()).equals(content)).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=20000-', 'bytes=35000-']);
    expect(requests.map(({ headers }) => headers['if-range'])).toEqual([undefined, '"1"', '"1"']);
    // Each attempt progressed, so the pause starts at 1 s again.
    expect(pauses).toEqual([1000, 1000]);
    expect(messages[1]).toMatch(
      /^a\.tar\.gz from 127\.0\.0\.1:\d+: the connection failed \(.+\); trying again in 1 s$/,
    );
  });

  test('resumes after the process ended', async () => {
    const first = await downloading([breakingAfter(20_000, content), status(404)]);
    await expect(first.path).rejects.toThrow(DataError);
    expect(readdirSync(first.folder)).toEqual(['part', 'part.etag']);
    const second = await downloading([fileOf(content)], { folder: first.folder });
    expect((await second.read()).equals(content)).toBe(true);
    expect(second.ranges()).toEqual(['bytes=20000-']);
    expect(second.messages).toEqual([expect.stringContaining('40.0 kB to download (20.0 kB are here)')]);
  });

  test('resumes after the server stalls', async () => {
    const stall: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 5000));
    };
    const { read, ranges } = await downloading([stall, () => {}, fileOf(content)], { stallMs: 50 });
    expect((await read()).equals(content)).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=5000-', 'bytes=5000-']);
  });

  test('resumes after an answer without content-length ends too early', async () => {
    const short = withoutLength(content.subarray(0, 10_000));
    const { read, messages } = await downloading([short, fileOf(content)]);
    expect((await read()).equals(content)).toBe(true);
    expect(messages[1]).toMatch(/the connection ended after 10000 of 60000 bytes/);
  });

  test('starts again if the server ignores ranges', async () => {
    const { read } = await downloading([breakingAfter(20_000, content), withoutLength(content)]);
    expect((await read()).equals(content)).toBe(true);
  });

  test('starts again if the file changed meanwhile', async () => {
    const { read, ranges } = await downloading([breakingAfter(20_000, changed, '"old"'), fileOf(content, '"new"')]);
    expect((await read()).equals(content)).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=20000-']);
  });

  test('starts again if the file changed and only the md5 shows it', async () => {
    const silent = (bytes: Buffer) => fileOf(bytes, 'W/"weak"');
    const { read, requests } = await downloading([breakingAfter(20_000, changed, 'W/"weak"'), silent(content)]);
    expect((await read()).equals(content)).toBe(true);
    expect(requests.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=20000-', undefined],
      [undefined, undefined],
    ]);
  });

  test('completes after any sequence of transient failures', async () => {
    const answers = fc.oneof(
      fc.nat(content.length - 1).map((bytes) => breakingAfter(bytes, content)),
      fc.constantFrom<RequestListener>(status(503), status(429, { 'retry-after': '3' }), (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>Down</h1>'),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { maxLength: 7 }), async (troubles) => {
        const { read, requests } = await downloading([...troubles, fileOf(content)]);
        expect((await read()).equals(content)).toBe(true);
        expect(requests.length).toBeLessThanOrEqual(troubles.length + 1);
      }),
      { numRuns: 25 },
    );
  });
});

describe('pauses between attempts', () => {
  test('waits as long as Retry-After asks, in seconds or until a date of the server clock', async () => {
    const date = { date: 'Sun, 22 Nov 2026 17:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 17:01:30 GMT' };
    const { read, pauses } = await downloading([
      status(429, { 'retry-after': '7' }),
      status(503, date),
      status(503, { 'retry-after': 'soon' }),
      fileOf(content),
    ]);
    expect((await read()).equals(content)).toBe(true);
    expect(pauses).toEqual([7000, 90_000, 4000]);
  });

  test('doubles the pause and gives up after eight failures in a row', async () => {
    const { path, pauses } = await downloading([status(502)]);
    await expect(path).rejects.toThrow(DataError);
    await expect(path).rejects.toThrow(
      /answers 502; that was failure 8 in a row; the part downloaded so far is kept: run again/,
    );
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]);
  });

  test('never gives up while attempts make progress', async () => {
    const { read, requests } = await downloading([breakingAfter(3000, content)]);
    expect((await read()).equals(content)).toBe(true);
    expect(requests.length).toBe(20);
  });

  test('gives up if the server asks to wait for hours', async () => {
    const { path, pauses } = await downloading([status(429, { 'retry-after': '7200' })]);
    await expect(path).rejects.toThrow(/answers 429, and asks to wait 120 minutes/);
    expect(pauses).toEqual([]);
  });

  test('stops retrying after Ctrl-C and keeps the partial file', async () => {
    const interrupt = new AbortController();
    const breaking = breakingAfter(20_000, content);
    const { path, folder, requests } = await downloading([breaking], {
      signal: interrupt.signal,
      pause: async () => interrupt.abort(),
    });
    await expect(path).rejects.toThrow(/abort/i);
    expect(requests.length).toBe(1);
    expect(readFileSync(join(folder, 'part')).length).toBe(20_000);
  });
});

describe('refusing an answer', () => {
  test('refuses a file that twice has another md5 than listed', async () => {
    const { path, folder, requests } = await downloading([fileOf(changed)]);
    await expect(path).rejects.toThrow(DataError);
    await expect(path).rejects.toThrow(`md5 ${md5(content)}`);
    await expect(path).rejects.toThrow(`Tried twice: its md5 is ${md5(changed)}`);
    expect(requests.length).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<[string, RequestListener, RegExp]>([
    ['of another size', fileOf(content.subarray(1)), /has 59999 bytes, expected 60000; then .* has 59999 bytes/],
    ['that does not end', withoutLength(Buffer.alloc(70_000)), /sends more than the expected 60000/],
  ])('refuses a file %s', async (_, answer, message) => {
    const { path, folder } = await downloading([answer]);
    await expect(path).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<[string, RequestListener]>([
    [
      'another range',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 0-9/60000' }).end('0123456789'),
    ],
    [
      'a range of another file',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 20000-20000/20001' }).end('0'),
    ],
    ['no range at all', status(416)],
  ])('starts again after the server sends %s', async (_, answer) => {
    const { read, ranges } = await downloading([breakingAfter(20_000, content), answer, fileOf(content)]);
    expect((await read()).equals(content)).toBe(true);
    expect(ranges()).toEqual([undefined, 'bytes=20000-', undefined]);
  });

  test.each([404, 403, 410])('fails at once on the permanent status %d', async (code) => {
    const { path, requests } = await downloading([status(code)]);
    await expect(path).rejects.toThrow(DataError);
    await expect(path).rejects.toThrow(new RegExp(`a\\.tar\\.gz\\?download=1: the server answers ${code}`));
    expect(requests.length).toBe(1);
  });

  test('refuses to start on a disk that is too small', async () => {
    const { path, requests } = await downloading([fileOf(content)], { freeBytes: async () => 10_000 });
    await expect(path).rejects.toThrow("the store's disk has only 10.0 kB free");
    expect(requests.length).toBe(0);
  });
});

test('a download follows redirects, sends its range along, and stops in a redirect loop', async () => {
  const there = await serve(breakingAfter(20_000, content), fileOf(content));
  const here: RequestListener = (_, response) => response.writeHead(302, { location: `${there.url}/elsewhere` }).end();
  const { read } = await downloading([here]);
  expect((await read()).equals(content)).toBe(true);
  expect(there.requests.map(({ url, headers }) => [url, headers.range])).toEqual([
    ['/elsewhere', undefined],
    ['/elsewhere', 'bytes=20000-'],
  ]);
  const loop = await downloading([(_, response) => response.writeHead(302, { location: '/a.tar.gz' }).end()]);
  await expect(loop.path).rejects.toThrow(/the server answers 302/);
});

test('a complete earlier download is checked and not fetched again', async () => {
  const { folder, read } = await downloading([fileOf(content)]);
  await read();
  const again = await downloading([status(404)], { folder });
  expect((await again.read()).equals(content)).toBe(true);
  expect(again.requests.length).toBe(0);

  writeFileSync(join(folder, 'whole'), changed);
  const damaged = await downloading([fileOf(content)], { folder });
  expect((await damaged.read()).equals(content)).toBe(true);
  expect(damaged.ranges()).toEqual([undefined]);
  expect(existsSync(join(folder, 'part'))).toBe(false);
});

test('a download asks for an uncompressed transfer', async () => {
  const { read, requests } = await downloading([fileOf(content)]);
  await read();
  expect(requests[0]?.headers['accept-encoding']).toBe('identity');
});
