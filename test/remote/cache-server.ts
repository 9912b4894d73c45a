/**
 * A remote cache in memory for tests. `dav` accepts anything, like nginx with WebDAV. `bazel` follows the rules of
 * bazel-remote: it checks content against its digest, and shows a result only while it has all its content.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { digestOf } from '../../src/files/digest.ts';
import { bytesField, eachBytesField } from '../../src/remote/protobuf.ts';
import { serve } from '../tasks/lib/download/server.ts';

export interface CacheServer {
  readonly url: string;
  /** By path: `/ac/...`, `/cas/...`. */
  readonly entries: Map<string, Buffer>;
  /** All requests so far that begin so: `GET /ac/...`. */
  requestLines(method?: string): string[];
  readonly requests: readonly IncomingMessage[];
}

/** `fault` may answer a request in its stead. */
export async function cacheServer(
  rules: 'dav' | 'bazel' = 'dav',
  fault: (request: string) => RequestListener | undefined = () => undefined,
): Promise<CacheServer> {
  const entries = new Map<string, Buffer>();
  const sound: RequestListener = (request, response) => {
    const { method, url: path = '' } = request;
    const answer = (status: number, body = '') => void response.writeHead(status).end(body);
    if (!/^\/(ac|cas)\/[0-9a-f]{64}$/.test(path)) return answer(403);
    if (method === 'PUT') {
      if (rules === 'bazel' && request.headers['content-length'] === undefined) return answer(400);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const kept = rules === 'bazel' ? checked(path, body) : body;
        if (!kept) return answer(400, 'no');
        entries.set(path, kept);
        answer(201);
      });
      return;
    }
    const entry = entries.get(path);
    const isThere = entry && (rules === 'dav' || path.startsWith('/cas/') || hasAll(entry, entries));
    if (!isThere) return answer(404);
    response.writeHead(200, { 'content-length': entry.length });
    response.end(method === 'HEAD' ? undefined : entry);
  };
  const { url, requests } = await serve((request, response) => {
    const chosen = fault(named(request)) ?? sound;
    chosen(request, response);
  });
  return {
    url,
    entries,
    requests,
    requestLines: (method = '') => requests.map(named).filter((request) => request.startsWith(method)),
  };
}

const named = ({ method, url }: IncomingMessage): string => `${method} ${url}`;

/** The body as the server stores it; undefined if the server refuses it. */
function checked(path: string, body: Buffer): Buffer | undefined {
  if (path.startsWith('/cas/')) return path === `/cas/${digestOf(body)}` ? body : undefined;
  const fields = bytesFieldsOf(body);
  if (!fields || filesOf(body).some(({ path: file, hash }) => file === '' || file.startsWith('/') || !isHash(hash))) {
    return undefined;
  }
  // bazel-remote adds a mark of its own, and changes the order of fields.
  const worker = bytesField(9, bytesField(1, '127.0.0.1:50000'));
  return Buffer.concat([worker, ...fields.toReversed().map(({ field, bytes }) => bytesField(field, bytes))]);
}

/** The byte fields of a message. Undefined if this is not a message. */
export function bytesFieldsOf(
  message: Uint8Array,
): { readonly field: number; readonly bytes: Uint8Array }[] | undefined {
  const fields: { readonly field: number; readonly bytes: Uint8Array }[] = [];
  const isMessage = eachBytesField(message, (field, from, to) =>
    fields.push({ field, bytes: message.subarray(from, to) }),
  );
  return isMessage ? fields : undefined;
}

const isHash = (hash: string): boolean => /^[0-9a-f]{64}$/.test(hash);

const hasAll = (entry: Buffer, entries: ReadonlyMap<string, Buffer>): boolean =>
  filesOf(entry).every(({ hash }) => entries.has(`/cas/${hash}`));

/** The output files of an `ActionResult`. */
export function filesOf(actionResult: Uint8Array): { readonly path: string; readonly hash: string }[] {
  const text = (message: Uint8Array, field: number) =>
    Buffer.from(bytesFieldsOf(message)?.find((one) => one.field === field)?.bytes ?? []);
  return (bytesFieldsOf(actionResult) ?? [])
    .filter(({ field }) => field === 2)
    .map(({ bytes }) => ({ path: text(bytes, 1).toString(), hash: text(text(bytes, 2), 1).toString() }));
}
