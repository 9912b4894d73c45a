/** Content that is damaged on the server is replaced by whoever may write, and only what the server has counts as stored. */
import { rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { InputIdentity } from '../../src/store/key.ts';
import { folderOutput } from '../store/temporary.ts';
import { serve } from '../tasks/lib/download/server.ts';
import { cacheServer } from './cache-server.ts';
import { ASKED, remoteAt, resultIn } from './shared.ts';

const TRACE = `/cas/${digestOf('trace')}`;
const RECORD = `/ac/${ASKED.key}`;

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
])('content that was %s there is found by whoever takes it, and sent again when it was made', async (_, damaged) => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from(damaged));
  const user = remoteAt(server.url, { write: true });
  expect(await user.take()).toBeUndefined();
  expect(await user.send(resultIn(user.store))).toMatchObject({ stored: 1, bytesUp: expect.any(Number) });
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
  expect(user.warnings).toEqual([expect.stringContaining('detect@a is not taken from there: the content under ')]);
  expect(await remoteAt(server.url).take()).toBeDefined();
});

test('content of another size there is sent again by whoever has it and did not look', async () => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from('tra'));
  const maker = remoteAt(server.url, { write: true });
  await maker.send(resultIn(maker.store));
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
});

test('--force --remote-write sends content again, whatever is there', async () => {
  const server = await filled();
  server.entries.set(TRACE, Buffer.from('TRACE'));
  const found = remoteAt(server.url, { write: true, force: true });
  await found.send(resultIn(found.store), { isNew: false });
  expect(server.entries.get(TRACE)?.toString()).toBe('TRACE');
  const maker = remoteAt(server.url, { write: true, force: true });
  await maker.send(resultIn(maker.store));
  expect(server.entries.get(TRACE)?.toString()).toBe('trace');
});

test('a record of no use is replaced also by whoever then found the result in the store', async () => {
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

test('a sign-in page that answers 200 to everything gets nothing, has nothing, and is one warning', async () => {
  const server = await serve(PORTAL);
  const user = remoteAt(server.url, { write: true });
  expect(await Promise.all([user.take(), user.take()])).toEqual([undefined, undefined]);
  expect(await user.send(resultIn(user.store))).toEqual({ taken: 0, stored: 0, bytesDown: 0, bytesUp: 0 });
  expect(user.warnings).toEqual([expect.stringMatching(/^it is no cache: /)]);
  expect(server.requests.filter(({ method }) => method === 'PUT')).toEqual([]);

  const writer = remoteAt(server.url, { write: true });
  expect(await writer.send(resultIn(writer.store))).toMatchObject({ stored: 0 });
  expect(writer.warnings).toEqual([expect.stringMatching(/^it is no cache: /)]);
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
    expect(maker.warnings).toEqual(['it takes results and does not have them afterwards']);
    expect(server.entries.has(RECORD)).toBe(false);
  },
);

test('a result that the store drops while its content is sent is not recorded there', async () => {
  const maker: { current?: ReturnType<typeof remoteAt> } = {};
  const server = await cacheServer('dav', (request) => {
    const { store } = maker.current ?? {};
    if (store && request.startsWith('PUT /cas')) rmSync(store.result(ASKED.key));
    return undefined;
  });
  maker.current = remoteAt(server.url, { write: true });
  expect(await maker.current.send(resultIn(maker.current.store))).toMatchObject({ stored: 0 });
  expect(server.entries.has(RECORD)).toBe(false);
  expect(maker.current.warnings).toEqual(['the result of detect@a is not sent: the store no longer has it']);
});

test('a result is not recorded there while another action reads the same, which may yet spoil it', async () => {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  const read = { digest: digestOf('shared'), extension: '.txt' };
  const reading = (input: InputIdentity) => ({ ...ASKED.preimage, inputs: { input } });
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

test('a result with a name that every reader would refuse is not sent', async () => {
  const server = await cacheServer();
  const maker = remoteAt(server.url, { write: true });
  const result = resultIn(maker.store);
  const parts = folderOutput(maker.store, { 'a\u0007b': 'x' });
  expect(await maker.send({ ...result, outputs: { parts } })).toMatchObject({ stored: 0 });
  expect(maker.warnings).toEqual([
    'the result of detect@a is not sent: its output parts has a name with control characters, which no remote cache carries',
  ]);
  expect(server.asked('PUT')).toEqual([]);
});
