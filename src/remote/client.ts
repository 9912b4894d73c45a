/** An HTTP client for a remote cache: through proxies, with credentials for that server alone, and with time limits. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';
import type { Limits } from './limits.ts';
import { redirectedTo } from './redirect.ts';

export interface Client {
  /** Rejects if there is no answer. The body of the answer rejects if the connection breaks. */
  send(message: Message): Promise<Answer>;
  close(): Promise<void>;
}

interface Message {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  readonly path: string;
  readonly signal: AbortSignal;
  /** Only with PUT. */
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
      // Keep the connection after a HEAD too.
      reset: false,
      ...(content?.body == null ? {} : { body: content.body }),
      headers: {
        'user-agent': 'groundproof',
        // A compressed body would have another size.
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
        // Results go to no server but that of the address.
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

/** Hides undici's warning that its class for proxies is experimental; the version is fixed here. */
function quietly<T>(make: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
