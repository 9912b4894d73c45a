import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openClient } from '../../../../tasks/lib/download/client.ts';
import { fileOf, serve } from './server.ts';

/** Starts a tunnelling proxy, as HTTPS_PROXY may name; records the hosts that clients asked it for. */
async function tunnellingProxy() {
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket, head) => {
    asked.push(url);
    const [host, port] = url.split(':');
    const there = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => {});
    onTestFinished(() => void there.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

async function fetchText(url: string, proxies: Parameters<typeof openClient>[0]): Promise<string> {
  const client = openClient(proxies);
  onTestFinished(() => client.close());
  return (await client.get(url, {}, new AbortController().signal)).body.text();
}

test('the client uses a proxy, but not for excepted hosts', async () => {
  // undici warns once per process that its proxies are experimental.
  vi.spyOn(process, 'emitWarning').mockReturnValue();
  onTestFinished(() => void vi.restoreAllMocks());
  const server = await serve(fileOf(Buffer.from('content')));
  const proxy = await tunnellingProxy();
  const proxies = { http: proxy.url, https: proxy.url, except: '' };
  expect(await fetchText(server.url, proxies)).toBe('content');
  expect(proxy.asked).toEqual([server.url.replace('http://', '')]);
  expect(await fetchText(server.url, { ...proxies, except: 'example.org,127.0.0.1' })).toBe('content');
  expect(await fetchText(server.url, { http: '', https: proxy.url, except: '' })).toBe('content');
  expect(proxy.asked.length).toBe(1);
});
