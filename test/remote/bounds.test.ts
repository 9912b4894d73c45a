/** What a cache declares is bounded by the disk and by memory before anything is downloaded. */

import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { ok } from '../../src/base/result.ts';
import { encodeActionResult } from '../../src/remote/action-result.ts';
import { diskRoom } from '../../src/remote/disk-space.ts';
import { fetchResult } from '../../src/remote/fetch-result.ts';
import type { RemoteCache } from '../../src/remote/remote-cache.ts';
import { recordText } from '../../src/remote/result-text.ts';
import { temporaryStore } from '../store/temporary.ts';
import { cacheServer } from './cache-server.ts';
import { ASKED, remoteAt, resultIn } from './shared.ts';

async function filled(fault: (request: string) => RequestListener | undefined = () => undefined) {
  const server = await cacheServer('dav', fault);
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  await maker.send(result);
  return { server, result };
}

test('a result that is larger than the disk is not begun, and is one line', async () => {
  const { server, result } = await filled();
  const record = JSON.parse(recordText(result));
  record.outputs.trace.files[0].size = 9e15;
  server.entries.set(`/ac/${ASKED.key}`, Buffer.from(encodeActionResult([], JSON.stringify(record))));
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual([
    expect.stringMatching(/it would have 9000000000000000 bytes, and \d+ are free on the disk$/),
  ]);
  expect(server.asked('GET /cas')).toEqual([]);
});

test('large records are taken one after the other, so that memory holds one', async () => {
  const records = () => server.asked(`GET /ac/${ASKED.key}`).length;
  let heldAt = 0;
  const { server, result } = await filled((request) =>
    request.startsWith('GET /cas') && heldAt === 0
      ? async (_request, response) => {
          // All four have learnt that the record is large, one has asked for the whole of it and holds it now.
          await expect.poll(records, { timeout: 30_000 }).toBe(5);
          for (let i = 0; i < 10; i++) await (await fetch(`${server.url}/ac/${'0'.repeat(64)}`)).text();
          heldAt = records();
          response.end('trace');
        }
      : undefined,
  );
  const large = `${recordText(result).slice(0, -1)},"more":"${'x'.repeat(2e6)}"}`;
  server.entries.set(`/ac/${ASKED.key}`, Buffer.from(encodeActionResult([], large)));
  const user = remoteAt(server.url, { limits: { idleMs: 20_000 } });
  const taken = await Promise.all([user.take(), user.take(), user.take(), user.take()]);
  expect(taken.map((one) => one?.key)).toEqual([ASKED.key, ASKED.key, ASKED.key, ASKED.key]);
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
  expect(user.warnings).toEqual([
    'detect@a is not taken from there: what is there is no result of it: it is too large',
  ]);
});

test('how long a result took, and how much it is, is known before it is downloaded', async () => {
  const { server, result } = await filled();
  const record = server.entries.get(`/ac/${ASKED.key}`) as Buffer;
  const heard: unknown[] = [];
  const store = temporaryStore();
  const cache: RemoteCache = {
    find: async () => ok(undefined),
    get: async () => ok(record),
    async download(file) {
      heard.push(`download ${file.size}`);
      return ok(false);
    },
    put: async () => ok(undefined),
  };
  const source = { cache, store, room: diskRoom(store.scratch), large: pLimit(1) };
  const fetched = await fetchResult(source, {
    asked: ASKED,
    folder: join(store.scratch, 'downloads'),
    signal: new AbortController().signal,
    progress() {},
    found: (...amounts) => heard.push(amounts),
  });
  expect(fetched.ok).toBe(false);
  expect(heard).toEqual([[result.milliseconds, 5, 1], 'download 5']);
});
