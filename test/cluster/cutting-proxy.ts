import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy that cuts connections after a number of bytes. */

export interface CuttingProxy {
  readonly url: string;
  /** From now on, cuts each connection after this many bytes in a direction. */
  cutAfter(bytes: number, direction: 'up' | 'down'): void;
  /** The number of connections that were cut. */
  cuts(): number;
}

export async function cuttingProxy(port: number): Promise<CuttingProxy> {
  let limits = { up: Infinity, down: Infinity };
  let cuts = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (from: Socket, to: Socket, direction: 'up' | 'down') => {
      let passed = 0;
      open.add(from);
      from.on('data', (chunk: Buffer) => {
        passed += chunk.length;
        if (passed > limits[direction]) {
          cuts++;
          end();
        } else if (!to.write(chunk)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
      from.on('end', () => to.end());
      from.on('error', end);
      from.on('close', () => open.delete(from));
    };
    pass(client, upstream, 'up');
    pass(upstream, client, 'down');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter(bytes, direction) {
      limits = { up: Infinity, down: Infinity, [direction]: bytes };
    },
    cuts: () => cuts,
  };
}
