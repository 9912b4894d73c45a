/** A local HTTP server that gives the answers of a test. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Server {
  /** `http://127.0.0.1:12345` */
  readonly url: string;
  readonly requests: IncomingMessage[];
}

/** Answers the first request with the first answer, and so on; the last answer repeats. Stops when the test ends. */
export async function serve(...answers: readonly RequestListener[]): Promise<Server> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Serves a file with ranges, if the version in `if-range` matches. */
export const fileOf =
  (content: Buffer, etag = '"1"'): RequestListener =>
  (request, response) =>
    sendFile(request, response, { content, etag }).end();

/** Serves a file likewise, but closes the connection after `bytes` bytes of the body. */
export const breakingAfter =
  (bytes: number, content: Buffer, etag = '"1"'): RequestListener =>
  (request, response) => {
    const sent = sendFile(request, response, { content, etag, limit: bytes });
    // Close only after the written bytes have left.
    sent.write('', () => setImmediate(() => response.destroy()));
  };

function sendFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { content, etag, limit = Number.POSITIVE_INFINITY }: { content: Buffer; etag: string; limit?: number },
): ServerResponse {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  const start = from !== undefined && isSame ? Number(from) : 0;
  const body = content.subarray(start);
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
  response.writeHead(start > 0 ? 206 : 200, { etag, 'content-length': body.length });
  response.write(body.subarray(0, limit));
  return response;
}

export const status =
  (code: number, headers: { readonly [name: string]: string } = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end('no');
