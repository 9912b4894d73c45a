/** Downloads to a file: bounded in size, and flushed. */
import fs, { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { digestOf } from '../../src/files/digest.ts';
import type { Client } from '../../src/remote/client.ts';
import { LIMITS } from '../../src/remote/limits.ts';
import { remoteCache } from '../../src/remote/remote-cache.ts';
import { temporaryFolder } from '../store/temporary.ts';

const never = new AbortController().signal;

/** A cache whose every answer has these chunks. */
function answering(chunks: readonly Buffer[]) {
  const client = { send: async () => ({ statusCode: 200, headers: {}, body: Readable.from(chunks) }) };
  return remoteCache(client as unknown as Client, LIMITS);
}

test('a download stops once it has more bytes than the content should have', async () => {
  const to = join(temporaryFolder(), 'content');
  const chunks = Array.from({ length: 200 }, () => Buffer.alloc(10_000, 'x'));
  let counted = 0;
  const content = { digest: digestOf('x'), size: 25_000 };
  const got = await answering(chunks).download(content, to, {
    signal: never,
    onBytes(bytes) {
      counted += bytes;
    },
  });
  expect(got).toMatchObject({ ok: false, error: { message: expect.stringContaining('has more bytes') } });
  expect([statSync(to).size, counted]).toEqual([20_000, 20_000]);
});

test('a download is flushed to disk when it resolves', async () => {
  const to = join(temporaryFolder(), 'content');
  const flushed: string[] = [];
  const { fsync } = fs;
  const spy = vi.spyOn(fs, 'fsync').mockImplementation((fd, done) => {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    flushed.push(`${path} ${readFileSync(path, 'utf8')}`);
    fsync(fd, done);
  });
  onTestFinished(() => spy.mockRestore());
  const got = await answering([Buffer.from('con'), Buffer.from('tent')]).download(
    { digest: digestOf('content'), size: 7 },
    to,
    { signal: never, onBytes() {} },
  );
  expect(got).toEqual({ ok: true, value: true });
  expect(flushed).toEqual([`${to} content`]);
});
