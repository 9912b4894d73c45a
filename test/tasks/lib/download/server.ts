/** A server on this machine that answers as a test says. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Server {
  /** `http://127.0.0.1:12345` */
  readonly url: string;
  readonly requests: IncomingMessage[];
}

/** Answers one request with each; the last one answers all further ones. It ends with the test. */
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

/** A file as a good server has it: by range, if that is of the same version. */
export const fileOf =
  (content: Buffer, etag = '"1"'): RequestListener =>
  (request, response) =>
    sendFile(request, response, content, etag).end();

/** The same, breaking off when so many bytes of the body were sent. */
export const breakingAfter =
  (bytes: number, content: Buffer, etag = '"1"'): RequestListener =>
  (request, response) => {
    const sent = sendFile(request, response, content, etag, bytes);
    // What was written leaves before the connection ends.
    sent.write('', () => setImmediate(() => response.destroy()));
  };

function sendFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  etag: string,
  most = Number.POSITIVE_INFINITY,
): ServerResponse {
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  const start = from !== undefined && isSame ? Number(from) : 0;
  const body = content.subarray(start);
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
  response.writeHead(start > 0 ? 206 : 200, { etag, 'content-length': body.length });
  response.write(body.subarray(0, most));
  return response;
}

export const status =
  (code: number, headers: { readonly [name: string]: string } = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end('no');
