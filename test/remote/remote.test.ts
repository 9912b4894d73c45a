import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Digest, filesBelow } from '../../src/files/digest.ts';
import type { Store } from '../../src/store/layout.ts';
import type { StoredResult } from '../../src/store/result.ts';
import { breakingAfter, serve, status } from '../tasks/lib/download/server.ts';
import { cacheServer } from './cache-server.ts';
import { remoteAt, resultIn, resultOfEachIn, WANTED, WANTED_EACH } from './shared.ts';

/** All content of a result, by name. */
const contentOf = (store: Store, { outputs }: StoredResult) =>
  Object.entries(outputs).flatMap(([port, output]) => {
    if (!output) return [[port, null]];
    const text = (blob: Digest, path: string) => readFileSync(join(store.blob(blob), path), 'utf8');
    return [
      ...output.files.map(({ path }) => [`${port}/${path}`, text(output.digest, path)]),
      ...output.siblings.map(({ extension, digest }) => [`${port}${extension}`, text(digest, '')]),
    ];
  });

/** A server to which a run has sent a result. */
async function filled(...about: Parameters<typeof cacheServer>) {
  const server = await cacheServer(...about);
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  await maker.send(result);
  return { server, maker, result };
}

test.each(['dav', 'bazel'] as const)('a result passes between stores through a remote cache (%s)', async (rules) => {
  const server = await cacheServer(rules);
  const maker = remoteAt(server.url, { write: true });
  const result = resultOfEachIn(maker.store);
  expect(await maker.send(result)).toMatchObject({ taken: 0, stored: 1 });
  expect(server.requestLines('PUT').at(-1)).toBe(`PUT /ac/${WANTED_EACH.key}`);
  expect(maker.warnings).toEqual([]);

  const user = remoteAt(server.url);
  const taken = (await user.take(WANTED_EACH)) as StoredResult;
  const { outputs: _, ...about } = result;
  expect(taken).toMatchObject(about);
  expect(user.held(WANTED_EACH)).toEqual(taken);
  expect(contentOf(user.store, taken).toSorted()).toEqual(contentOf(maker.store, result).toSorted());
  expect(filesBelow(user.store.scratch)).toEqual(['claim', 'lease']);
  const bytesDown = [...server.entries.values()].reduce((sum, { length }) => sum + length, 0);
  expect(await user.remote.settled()).toEqual({ taken: 1, stored: 0, bytesUp: 0, bytesDown });
  expect(user.warnings).toEqual([]);
});

test('content of the store is not downloaded, and content of the server is not sent', async () => {
  const { server, result } = await filled();
  const user = remoteAt(server.url, { write: true });
  resultIn(user.store);
  await user.take();
  expect(server.requestLines('GET /cas')).toEqual([]);
  const before = server.requestLines('PUT').length;
  await remoteAt(server.url, { store: user.store, write: true }).send(result);
  expect(server.requestLines('PUT').slice(before)).toEqual([`PUT /ac/${WANTED.key}`]);
});

test('a result of the store is sent only if the server has no result, and a taken result never', async () => {
  const { server, maker, result } = await filled();
  const before = server.requestLines('PUT').length;
  await maker.send(result, { isNew: false });
  const user = remoteAt(server.url, { write: true });
  await user.send((await user.take()) as StoredResult, { isNew: false });
  expect(server.requestLines('PUT')).toHaveLength(before);
  server.entries.clear();
  await maker.send(result, { isNew: false });
  expect(server.entries.has(`/ac/${WANTED.key}`)).toBe(true);
});

test('without --remote-write nothing is sent', async () => {
  const server = await cacheServer();
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  await user.send(resultIn(user.store));
  expect(server.requestLines()).toEqual([`GET /ac/${WANTED.key}`]);
  expect(user.warnings).toEqual([]);
});

test.each([
  ['wrong bytes', (body: Buffer) => Buffer.from(body).fill('x')],
  ['one byte less', (body: Buffer) => body.subarray(1)],
  ['a byte more', (body: Buffer) => Buffer.concat([body, Buffer.from('x')])],
])('content with %s is not stored, with a single warning', async (_, change) => {
  const { server } = await filled();
  for (const [path, body] of server.entries)
    if (path.startsWith('/cas/') && body.length > 0) server.entries.set(path, change(body));
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual([
    expect.stringMatching(/^the result of detect@a is not taken: the content under [0-9a-f]{64} has /),
  ]);
  expect(user.held()).toBeUndefined();
  expect(existsSync(join(user.store.root, 'blobs'))).toBe(false);
  expect(readdirSync(user.store.scratch).sort()).toEqual(['claim', 'lease']);
});

test('any bytes in place of an entry do no harm', async () => {
  const { server, result } = await filled();
  const path = `/ac/${WANTED.key}`;
  const sound = server.entries.get(path) as Buffer;
  const user = remoteAt(server.url);
  const changed = fc
    .tuple(fc.nat(sound.length - 1), fc.uint8Array({ minLength: 1, maxLength: 3 }))
    .map(([at, bytes]) => {
      return Buffer.concat([sound.subarray(0, at), bytes, sound.subarray(at + bytes.length)]);
    });
  const property = fc.asyncProperty(fc.oneof(fc.uint8Array(), changed), async (bytes) => {
    server.entries.set(path, Buffer.from(bytes));
    const taken = await user.take();
    if (taken) expect(contentOf(user.store, taken)).toEqual([['trace/', 'trace']]);
  });
  await fc.assert(property, { numRuns: 60 });
  expect(user.warnings.every((text) => text.startsWith('the result of detect@a is not taken: '))).toBe(true);
  server.entries.set(path, sound);
  expect((await user.take())?.outputs.trace?.digest).toBe(result.outputs.trace?.digest);
});

test('missing content is a single warning, and other entries are still requested', async () => {
  const { server } = await filled();
  for (const path of [...server.entries.keys()]) if (path.startsWith('/cas/')) server.entries.delete(path);
  const user = remoteAt(server.url);
  expect(await user.take()).toBeUndefined();
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual([expect.stringContaining('is not there any more')]);
  expect(server.requestLines('GET /ac')).toHaveLength(2);
});

const NO_USE: readonly (readonly [string, RequestListener, string])[] = [
  ['401', status(401), 'it answers 401: see GROUNDPROOF_REMOTE_TOKEN'],
  ['500', status(500), 'it answers 500'],
  ['a redirect without end', status(302, { location: '/ac/again' }), 'it answers 302 and sends elsewhere'],
  ['no answer', () => {}, 'it gives no answer (Headers Timeout Error)'],
  ['a connection that ends', ({ socket }) => void socket.destroy(), 'it gives no answer (other side closed)'],
  ['something that is not HTTP', ({ socket }) => void socket.end('SSH-2.0-x\r\n'), 'it gives no answer ('],
];

test.each(NO_USE)('after %s there is a single warning, and no further request', async (_, answer, message) => {
  const server = await serve(answer);
  const user = remoteAt(server.url, { write: true, limits: { idleMs: 30 } });
  expect(await Promise.all([user.take(), user.take()])).toEqual([undefined, undefined]);
  const asked = server.requests.length;
  expect(await user.take()).toBeUndefined();
  await user.send(resultIn(user.store));
  expect(server.requests).toHaveLength(asked);
  expect(user.warnings).toEqual([expect.stringContaining(message)]);
});

test('a missing server is a single warning', async () => {
  const user = remoteAt('http://127.0.0.1:1', { write: true });
  expect(await user.take()).toBeUndefined();
  expect(user.warnings).toEqual(['it gives no answer (connect ECONNREFUSED 127.0.0.1:1)']);
});

test('a request whose connection breaks is repeated once', async () => {
  const trace = Buffer.alloc(300_000, 7);
  let breaks = 1;
  const server = await cacheServer('dav', (request) => {
    const content = server.entries.get(request.slice('GET '.length));
    return request.startsWith('GET /cas') && content?.length === trace.length && breaks-- > 0
      ? breakingAfter(100_000, content)
      : undefined;
  });
  const maker = remoteAt(server.url, { write: true });
  await maker.send(resultIn(maker.store, trace));
  const user = remoteAt(server.url);
  expect((await user.take())?.outputs.trace?.files[0]?.size).toBe(trace.length);

  breaks = 2;
  const other = remoteAt(server.url);
  expect(await other.take()).toBeUndefined();
  expect(other.warnings).toEqual([expect.stringMatching(/^it gives no answer/)]);
  expect(existsSync(join(other.store.root, 'blobs'))).toBe(false);
});

test('an upload that breaks off stores no result on the server, and leaves the local result intact', async () => {
  const server = await cacheServer('dav', (request) =>
    request.startsWith('PUT /cas') ? (message) => void message.once('data', () => message.socket.destroy()) : undefined,
  );
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store, Buffer.alloc(5_000_000));
  expect(await maker.send(result)).toMatchObject({ stored: 0 });
  expect(server.entries.size).toBe(0);
  expect(maker.warnings).toHaveLength(1);
  expect(maker.held()).toEqual(result);
});

test.each([
  [403, 'it takes no results: it answers 403; see GROUNDPROOF_REMOTE_TOKEN, or'],
  [405, 'it takes no results: it answers 405; it can only be read'],
  [507, 'it takes no results: it answers 507; its disk is full'],
  [301, 'it takes no results: it answers 301'],
])('a server that refuses to write with %i can still be read', async (code, message) => {
  let refusing = false;
  const { server } = await filled('dav', (request) =>
    refusing && request.startsWith('PUT') ? status(code) : undefined,
  );
  refusing = true;
  const [made, user] = [remoteAt(server.url, { write: true }), remoteAt(server.url, { write: true })];
  await made.send(resultIn(made.store));
  const refused = server.requestLines('PUT').length;
  await made.send(resultIn(made.store));
  expect(made.warnings).toEqual([expect.stringContaining(message)]);
  expect(server.requestLines('PUT')).toHaveLength(refused);
  expect(await made.take()).toBeDefined();
  expect(await user.take()).toBeDefined();
});

test('content that is too large for the server is a single warning for all', async () => {
  const server = await cacheServer('dav', (request) => (request.startsWith('PUT /cas') ? status(413) : undefined));
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  await maker.send(result);
  await maker.send(result);
  expect(maker.warnings).toEqual([expect.stringContaining('refuses content with 413')]);
  expect(server.requestLines('PUT /ac')).toEqual([]);
});

test('damaged content of the store is not sent', async () => {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  const trace = maker.store.blob(result.outputs.trace?.digest as never);
  chmodSync(trace, 0o644);
  writeFileSync(trace, 'TRACE');
  await maker.send(result);
  expect(maker.warnings).toEqual([
    expect.stringMatching(/^the result of detect@a is not sent: [0-9a-f]{64} is damaged/),
  ]);
  expect(server.entries.has(`/cas/${result.outputs.trace?.digest}`)).toBe(false);
  expect(server.entries.has(`/ac/${WANTED.key}`)).toBe(false);
});

test('credentials go to the server that they are for, and not to the target of its redirects', async () => {
  const { server } = await filled();
  const front = await serve(
    (request, response) => void response.writeHead(307, { location: `${server.url}${request.url}` }).end(),
  );
  const user = remoteAt(front.url, { token: 'secret' });
  expect(await user.take()).toBeDefined();
  expect(front.requests.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
  expect(server.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
});

test('an interrupt ends running requests without a warning', async () => {
  const server = await serve(() => {});
  const user = remoteAt(server.url, { write: true });
  const taking = user.take();
  const sending = user.send(resultIn(user.store));
  user.interrupt();
  expect(await taking).toBeUndefined();
  expect(await sending).toMatchObject({ stored: 0 });
  expect(user.warnings).toEqual([]);
});

test('requests use a proxy, except for the hosts of NO_PROXY', async () => {
  const { server } = await filled();
  const proxies = { http: 'http://127.0.0.1:1', https: '', except: '' };
  const warning = vi.spyOn(process, 'emitWarning');
  onTestFinished(() => warning.mockRestore());
  const through = remoteAt(server.url, { proxies });
  expect(await through.take()).toBeUndefined();
  expect(through.warnings).toEqual(['it gives no answer (connect ECONNREFUSED 127.0.0.1:1)']);
  expect(await remoteAt(server.url, { proxies: { ...proxies, except: '127.0.0.1' } }).take()).toBeDefined();
  expect(warning).not.toHaveBeenCalled();
});
