/** HTTP as downloads need it: through proxies, after redirects, the bytes as they are sent, and no endless wait. */
import type { Network } from 'groundproof/task';
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici';

export interface Client {
  /** Resolves when the head of the answer is here. Rejects when there is none, as its body does when it breaks off. */
  get(url: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export type Answer = Dispatcher.ResponseData;

/** Silence for so long is the end of a connection. */
const STALL_MS = 60_000;

const MOST_REDIRECTS = 10;

export function openClient({ http, https, except }: Network['proxies'], stallMs = STALL_MS): Client {
  const limits = { headersTimeout: stallMs, bodyTimeout: stallMs, connect: { timeout: stallMs } };
  const agent =
    http === '' && https === ''
      ? new Agent(limits)
      : new EnvHttpProxyAgent({ ...limits, httpProxy: http, httpsProxy: https, noProxy: except });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MOST_REDIRECTS }));
  return {
    get: (url, headers, signal) =>
      request(url, {
        dispatcher,
        signal,
        // Compressed on the way, a part of a file could not be told from a part of what is sent.
        headers: { 'user-agent': 'groundproof', 'accept-encoding': 'identity', ...headers },
      }),
    close: () => agent.destroy(),
  };
}

/** A header's first value. */
export function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Ends an answer whose body is of no use. */
export function discard({ body }: Answer): void {
  body.on('error', () => {}).destroy();
}
