/** Bounds on the sizes that a cache declares, by the disk and by memory, before anything is downloaded. */

import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { ok } from '../../src/base/result.ts';
import { encodeActionResult } from '../../src/remote/action-result.ts';
import { diskSpace } from '../../src/remote/disk-space.ts';
import { fetchResult } from '../../src/remote/fetch-result.ts';
import type { RemoteCache } from '../../src/remote/remote-cache.ts';
import { recordText } from '../../src/remote/result-text.ts';
import { temporaryStore } from '../store/temporary.ts';
import { cacheServer } from './cache-server.ts';
import { remoteAt, resultIn, WANTED } from './shared.ts';

async function filled(fault: (request: string) => RequestListener | undefined = () => undefined) {
  const server = await cacheServer('dav', fault);
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  await maker.send(result);
  return { server, result };
}

test('a result that is larger than the disk is not downloaded, with a single warning', async () => {
  const { server, result } = await filled();
  const record = JSON.parse(recordText(result));
  record.outputs.trace.files[0].size = 9e15;
  server.entries.set(`/ac/${WANTED.key}`, Buffer.from(encodeActionResult([], JSON.stringify(record))));
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual([
    expect.stringMatching(/it would have 9000000000000000 bytes, and \d+ are free on the disk$/),
  ]);
  expect(server.requestLines('GET /cas')).toEqual([]);
});

test('large records are read in turn, so that memory never holds two', async () => {
  const records = () => server.requestLines(`GET /ac/${WANTED.key}`).length;
  let heldAt = 0;
  const { server, result } = await filled((request) =>
    request.startsWith('GET /cas') && heldAt === 0
      ? async (_request, response) => {
          // All four have found the record to be large, and only the first has requested all of it.
          await expect.poll(records, { timeout: 30_000 }).toBe(5);
          for (let i = 0; i < 10; i++) await (await fetch(`${server.url}/ac/${'0'.repeat(64)}`)).text();
          heldAt = records();
          response.end('trace');
        }
      : undefined,
  );
  const large = `${recordText(result).slice(0, -1)},"more":"${'x'.repeat(2e6)}"}`;
  server.entries.set(`/ac/${WANTED.key}`, Buffer.from(encodeActionResult([], large)));
  const user = remoteAt(server.url, { limits: { idleMs: 20_000 } });
  const taken = await Promise.all([user.take(), user.take(), user.take(), user.take()]);
  expect(taken.map((result) => result?.key)).toEqual([WANTED.key, WANTED.key, WANTED.key, WANTED.key]);
  expect(heldAt).toBe(5);
  expect(records()).toBe(8);
});

test('a record that is larger than any result is not read to its end', async () => {
  const { server } = await filled((request) =>
    request.startsWith('GET /ac')
      ? (_request, response) => {
          const write = () => {
            while (!response.closed && response.write(Buffer.alloc(1 << 20)));
          };
          response.on('drain', write);
          write();
        }
      : undefined,
  );
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual(['the result of detect@a is not taken: its entry is unusable: it is too large']);
});

test('the time and the size of a result are known before its download', async () => {
  const { server, result } = await filled();
  const record = server.entries.get(`/ac/${WANTED.key}`) as Buffer;
  const calls: unknown[] = [];
  const store = temporaryStore();
  const cache: RemoteCache = {
    find: async () => ok(undefined),
    get: async () => ok(record),
    async download(file) {
      calls.push(`download ${file.size}`);
      return ok(false);
    },
    put: async () => ok(undefined),
  };
  const source = { cache, store, disk: diskSpace(store.scratch), large: pLimit(1) };
  const fetched = await fetchResult(source, {
    wanted: WANTED,
    folder: join(store.scratch, 'downloads'),
    signal: new AbortController().signal,
    onProgress() {},
    onFound: (found) => calls.push(found),
  });
  expect(fetched.ok).toBe(false);
  expect(calls).toEqual([{ milliseconds: result.milliseconds, bytes: 5, files: 1 }, 'download 5']);
});
