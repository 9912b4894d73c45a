/** An HTTP client for downloads: uses proxies, follows redirects, yields the file's own bytes and never waits for ever. */
import type { Network } from 'groundproof/task';
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici';

export interface Client {
  /** Resolves with the answer's head. Rejects if none arrives; the body rejects if it breaks off. */
  get(url: string, headers: { readonly [name: string]: string }, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export type Answer = Dispatcher.ResponseData;

/** A connection that is silent for longer has failed. */
const STALL_MS = 60_000;

const MAX_REDIRECTS = 10;

export function openClient({ http, https, except }: Network['proxies'], stallMs = STALL_MS): Client {
  const limits = { headersTimeout: stallMs, bodyTimeout: stallMs, connect: { timeout: stallMs } };
  const agent =
    http === '' && https === ''
      ? new Agent(limits)
      : new EnvHttpProxyAgent({ ...limits, httpProxy: http, httpsProxy: https, noProxy: except });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTS }));
  return {
    get: (url, headers, signal) =>
      request(url, {
        dispatcher,
        signal,
        // Ranges and sizes must refer to the file, not to a compressed transfer of it.
        headers: { 'user-agent': 'groundproof', 'accept-encoding': 'identity', ...headers },
      }),
    close: () => agent.destroy(),
  };
}

/** The first value of a header. */
export function header({ headers }: Answer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Closes an answer without reading its body. */
export function discard({ body }: Answer): void {
  body.on('error', () => {}).destroy();
}
