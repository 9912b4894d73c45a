import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openClient } from '../../../../tasks/lib/download/client.ts';
import { fileOf, serve } from './server.ts';

/** A proxy that opens tunnels, as one that HTTPS_PROXY names does; and the hosts that it was asked for. */
async function tunnelling() {
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket, head) => {
    asked.push(url);
    const [host, port] = url.split(':');
    const there = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    for (const one of [there, socket]) one.on('error', () => {});
    onTestFinished(() => void there.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

async function got(url: string, proxies: Parameters<typeof openClient>[0]): Promise<string> {
  const client = openClient(proxies);
  onTestFinished(() => client.close());
  return (await client.get(url, {}, new AbortController().signal)).body.text();
}

test('goes through a proxy, but not to hosts that are excepted', async () => {
  // That its proxies are experimental is said by undici, once a process.
  vi.spyOn(process, 'emitWarning').mockReturnValue();
  onTestFinished(() => void vi.restoreAllMocks());
  const server = await serve(fileOf(Buffer.from('content')));
  const proxy = await tunnelling();
  const proxies = { http: proxy.url, https: proxy.url, except: '' };
  expect(await got(server.url, proxies)).toBe('content');
  expect(proxy.asked).toEqual([server.url.replace('http://', '')]);
  expect(await got(server.url, { ...proxies, except: 'example.org,127.0.0.1' })).toBe('content');
  expect(await got(server.url, { http: '', https: proxy.url, except: '' })).toBe('content');
  expect(proxy.asked.length).toBe(1);
});
