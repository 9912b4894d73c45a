/** A slow remote cache costs a bounded time. The limits are shortened here; pace.test.ts has those of a run. */
import type { RequestListener, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { serve } from '../tasks/lib/download/server.ts';
import { cacheServer } from './cache-server.ts';
import { remoteAt, resultIn } from './shared.ts';

const SHORT = { allowanceMs: 150, leastBytesPerSecond: 1e6, idleMs: 20_000 };

/** Sends single bytes as long as the connection lasts, so that five bytes of content take longer than is allowed. */
const trickling =
  (headers: Readonly<Record<string, number>> = {}): RequestListener =>
  (_request, response: ServerResponse) => {
    response.writeHead(200, headers);
    const timer = setInterval(() => response.write('x'), 100);
    response.on('close', () => clearInterval(timer));
  };

/** Reads nothing of the request's body, and does not answer. */
const stalling: RequestListener = (request) => void request.pause();

async function filled(fault: (request: string) => RequestListener | undefined) {
  let isFaulty = false;
  const server = await cacheServer('dav', (request) => (isFaulty ? fault(request) : undefined));
  const maker = remoteAt(server.url, { write: true });
  await maker.send(resultIn(maker.store));
  isFaulty = true;
  return server;
}

test.each([
  ['a record that trickles', (request: string) => (request.startsWith('GET /ac') ? trickling() : undefined)],
  [
    'a record that trickles and has a length',
    (request: string) => (request.startsWith('GET /ac') ? trickling({ 'content-length': 1e6 }) : undefined),
  ],
  [
    'content that trickles',
    (request: string) => (request.startsWith('GET /cas') ? trickling({ 'content-length': 5 }) : undefined),
  ],
  ['no answer at all', (request: string) => (request.startsWith('GET') ? () => {} : undefined)],
])('after %s there is a single warning, and no further request', async (_, fault) => {
  const server = await filled(fault);
  const user = remoteAt(server.url, { write: true, limits: SHORT });
  expect(await Promise.all([user.take(), user.take()])).toEqual([undefined, undefined]);
  expect(user.warnings).toEqual([expect.stringMatching(/^it is too slow \(\d+ bytes in [\d.]+ s\)$/)]);
  const asked = server.requests.length;
  expect(await user.take()).toBeUndefined();
  await user.send(resultIn(user.store));
  expect(server.requests).toHaveLength(asked);
});

test('an endless body behind an answer of 404 or 500 is not read to its end', async () => {
  const endless =
    (status: number): RequestListener =>
    (_request, response) => {
      response.writeHead(status);
      const write = () => {
        while (!response.closed && response.write(Buffer.alloc(1 << 16)));
      };
      response.on('drain', write);
      write();
    };
  const missing = remoteAt((await serve(endless(404))).url);
  expect(await missing.take()).toBeUndefined();
  expect(missing.warnings).toEqual([]);
  const broken = remoteAt((await serve(endless(500))).url);
  expect(await broken.take()).toBeUndefined();
  expect(broken.warnings).toEqual(['it answers 500']);
});

test.each([
  ['HEAD is not answered', (request: string) => (request.startsWith('HEAD') ? () => {} : undefined)],
  ['content is not taken', (request: string) => (request.startsWith('PUT /cas') ? stalling : undefined)],
  ['the record is not taken', (request: string) => (request.startsWith('PUT /ac') ? stalling : undefined)],
])('a run that sends ends although %s', async (_, fault) => {
  const server = await cacheServer('dav', fault);
  const maker = remoteAt(server.url, { write: true, limits: SHORT });
  expect(await maker.send(resultIn(maker.store, Buffer.alloc(20_000_000)))).toMatchObject({ stored: 0 });
  // On a busy machine the short limit may also end a sound request.
  expect(maker.warnings).toEqual([expect.stringMatching(/^it (is too slow|takes no results, or too slowly) \(/)]);
});

test('a run tells how long it waits for uploads at its end, and waits no longer', async () => {
  const server = await cacheServer('dav', (request) => (request.startsWith('PUT /cas') ? stalling : undefined));
  const maker = remoteAt(server.url, { write: true, limits: { lastUploadsMs: 100 } });
  maker.remote.offer({ action: 'detect@a', result: resultIn(maker.store), isNew: true });
  await expect.poll(() => maker.remote.waiting(), { timeout: 30_000 }).toEqual({ results: 1, bytes: 5, seconds: 1 });
  expect(await maker.remote.settled()).toMatchObject({ stored: 0 });
  expect(maker.warnings).toEqual([expect.stringMatching(/^it takes results too slowly: after \d+ s 1 are not sent$/)]);
});

test('a cache whose answers are always late gets no more requests than it is worth', async () => {
  const late: RequestListener = (_request, response) => void setTimeout(() => response.writeHead(404).end(), 20);
  const server = await cacheServer('dav', (request) => (request.startsWith('GET') ? late : undefined));
  const user = remoteAt(server.url, { write: true, limits: { patienceMs: 100 } });
  for (let i = 0; i < 50; i++) expect(await user.take()).toBeUndefined();
  expect(server.requestLines('GET').length).toBeLessThan(10);
  expect(user.warnings).toEqual([expect.stringMatching(/^it is slower than the work: waiting took [\d.]+ s/)]);
  // Results may still be sent.
  expect(await user.send(resultIn(user.store))).toMatchObject({ stored: 1 });
});
