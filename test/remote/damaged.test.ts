/** A writer replaces content that is damaged on the server, and counts only results that the server then has. */
import { rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { InputIdentity } from '../../src/store/key.ts';
import { folderOutput } from '../store/temporary.ts';
import { serve } from '../tasks/lib/download/server.ts';
import { cacheServer } from './cache-server.ts';
import { remoteAt, resultIn, WANTED } from './shared.ts';

const TRACE = `/cas/${digestOf('trace')}`;
const RECORD = `/ac/${WANTED.key}`;

async function filled() {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  await maker.send(resultIn(maker.store));
  return server;
}

test.each([
  ['cut', 'tra'],
  ['emptied', ''],
  ['longer', 'trace and more'],
  ['changed', 'TRACE'],
])('a reader refuses content that was %s on the server, and sends it again after executing', async (_, damaged) => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from(damaged));
  const user = remoteAt(server.url, { write: true });
  expect(await user.take()).toBeUndefined();
  expect(await user.send(resultIn(user.store))).toMatchObject({ stored: 1, bytesUp: expect.any(Number) });
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
  expect(user.warnings).toEqual([expect.stringContaining('the result of detect@a is not taken: the content under ')]);
  expect(await remoteAt(server.url).take()).toBeDefined();
});

test('content of another size on the server is sent again without reading it', async () => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from('tra'));
  const maker = remoteAt(server.url, { write: true });
  await maker.send(resultIn(maker.store));
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
});

test('--force --remote-write sends content again even if the server has it', async () => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from('TRACE'));
  const found = remoteAt(server.url, { write: true, force: true });
  await found.send(resultIn(found.store), { isNew: false });
  expect(server.entries.get(TRACE)?.toString()).toBe('TRACE');
  const maker = remoteAt(server.url, { write: true, force: true });
  await maker.send(resultIn(maker.store));
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
});

test('a run that found an unusable record replaces it, also with a result from its store', async () => {
  const server = await filled();
  server.entries.set(RECORD, Buffer.from('x'));
  const user = remoteAt(server.url, { write: true });
  expect(await user.take()).toBeUndefined();
  expect(await user.send(resultIn(user.store), { isNew: false })).toMatchObject({ stored: 1 });
  expect(await remoteAt(server.url).take()).toBeDefined();
});

const PORTAL: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'));
};

test('a sign-in page that answers 200 to everything gets no results, with a single warning', async () => {
  const server = await serve(PORTAL);
  const user = remoteAt(server.url, { write: true });
  expect(await Promise.all([user.take(), user.take()])).toEqual([undefined, undefined]);
  expect(await user.send(resultIn(user.store))).toEqual({ taken: 0, stored: 0, bytesDown: 0, bytesUp: 0 });
  expect(user.warnings).toEqual([expect.stringMatching(/^it is not a cache: /)]);
  expect(server.requests.filter(({ method }) => method === 'PUT')).toEqual([]);

  const writer = remoteAt(server.url, { write: true });
  expect(await writer.send(resultIn(writer.store))).toMatchObject({ stored: 0 });
  expect(writer.warnings).toEqual([expect.stringMatching(/^it is not a cache: /)]);
  expect(server.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
});

const taking: RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(201).end());
};

test.each(['PUT /cas', 'PUT /ac'])(
  'a server that says yes to %s and keeps nothing has nothing stored',
  async (what) => {
    const server = await cacheServer('dav', (request) => (request.startsWith(what) ? taking : undefined));
    const maker = remoteAt(server.url, { write: true });
    expect(await maker.send(resultIn(maker.store))).toMatchObject({ stored: 0 });
    expect(maker.warnings).toEqual(['it accepts results and does not have them afterwards']);
    expect(server.entries.has(RECORD)).toBe(false);
  },
);

test('a result that the store drops during its upload is not recorded on the server', async () => {
  const maker: { current?: ReturnType<typeof remoteAt> } = {};
  const server = await cacheServer('dav', (request) => {
    const { store } = maker.current ?? {};
    if (store && request.startsWith('PUT /cas')) rmSync(store.result(WANTED.key));
    return undefined;
  });
  maker.current = remoteAt(server.url, { write: true });
  expect(await maker.current.send(resultIn(maker.current.store))).toMatchObject({ stored: 0 });
  expect(server.entries.has(RECORD)).toBe(false);
  expect(maker.current.warnings).toEqual(['the result of detect@a is not sent: the store no longer has it']);
});

test('a result is not recorded on the server while another running action shares its input, and may spoil it', async () => {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  const read = { digest: digestOf('shared'), extension: '.txt' };
  const reading = (input: InputIdentity) => ({ ...WANTED.preimage, inputs: { input } });
  const ended = maker.remote.executing(reading({ gathered: [{ recording: 'a', ...read }] }));
  maker.remote.executing(reading({ digest: digestOf('other'), extension: '.txt' }));
  const result = { ...resultIn(maker.store), preimage: reading(read) };
  const sending = maker.send(result);
  await expect.poll(() => server.entries.has(TRACE), { timeout: 30_000 }).toBe(true);
  for (let i = 0; i < 10; i++) await (await fetch(`${server.url}${RECORD}`)).text();
  expect(server.entries.has(RECORD)).toBe(false);
  ended();
  expect(await sending).toMatchObject({ stored: 1 });
  expect(server.entries.has(RECORD)).toBe(true);
});

test('a result with a file name that every reader would refuse is not sent', async () => {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  const parts = folderOutput(maker.store, { 'a\u0007b': 'x' });
  expect(await maker.send({ ...result, outputs: { parts } })).toMatchObject({ stored: 0 });
  expect(maker.warnings).toEqual([
    'the result of detect@a is not sent: its output parts has a name with control characters, which no remote cache carries',
  ]);
  expect(server.requestLines('PUT')).toEqual([]);
});
