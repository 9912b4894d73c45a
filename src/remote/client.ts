/** HTTP as a remote cache needs it: through proxies, with credentials for that server alone, and no endless wait. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';
import type { Limits } from './limits.ts';
import { redirectedTo } from './redirect.ts';

export interface Client {
  /** Rejects when there is no answer, as the body does when it breaks off. */
  send(message: Message): Promise<Answer>;
  close(): Promise<void>;
}

interface Message {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly path: string;
  readonly signal: AbortSignal;
  /** Of a PUT. */
  readonly content?: { readonly body: Dispatcher.DispatchOptions['body']; readonly size: number };
}
type Answer = Dispatcher.ResponseData;

const MOST_REDIRECTS = 3;

export function openClient(
  { url: base, authorization }: Address,
  { http, https, except }: Network['proxies'],
  { connectMs, idleMs }: Pick<Limits, 'connectMs' | 'idleMs'>,
): Client {
  const limits = { headersTimeout: idleMs, bodyTimeout: idleMs, connect: { timeout: connectMs } };
  const agent =
    http === '' && https === ''
      ? new Agent(limits)
      : quietly(() => new EnvHttpProxyAgent({ ...limits, httpProxy: http, httpsProxy: https, noProxy: except }));
  const { origin } = new URL(base);
  const ask = (url: URL, { method, signal, content }: Message): Promise<Answer> =>
    request(url, {
      dispatcher: agent,
      method,
      signal,
      // The connection is kept after a HEAD too.
      reset: false,
      ...(content?.body == null ? {} : { body: content.body }),
      headers: {
        'user-agent': 'groundproof',
        // Compressed on the way, the size would be another.
        'accept-encoding': 'identity',
        // Some servers keep blobs elsewhere and redirect there; the credentials stay behind.
        ...(authorization === null || url.origin !== origin ? {} : { authorization }),
        ...(content ? { 'content-length': String(content.size), 'content-type': 'application/octet-stream' } : {}),
      },
    });
  return {
    async send(message) {
      let url = new URL(`${base}${message.path}`);
      for (let redirects = 0; ; redirects++) {
        const answer = await ask(url, message);
        // Results are sent nowhere but to the server that was named.
        const isFollowed = message.method !== 'PUT' && redirects < MOST_REDIRECTS;
        const next = isFollowed ? redirectedTo(url, answer) : undefined;
        if (!next) return answer;
        await answer.body.dump();
        url = next;
      }
    },
    close: () => agent.destroy(),
  };
}

/** The package calls its class for proxies experimental, on stderr; the version is fixed, so nobody needs to know. */
function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
