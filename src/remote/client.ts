/** HTTP as a remote cache needs it: through proxies, with credentials for that server alone, and no endless wait. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors, request } from 'undici';
import type { Network } from '../task/define.ts';
import type { Address } from './address.ts';

export interface Client {
  /** Rejects when there is no answer, as the body does when it breaks off. */
  send(
    method: Method,
    path: string,
    signal: AbortSignal,
    body?: Dispatcher.DispatchOptions['body'],
    size?: number,
  ): Promise<Answer>;
  close(): Promise<void>;
}

type Method = 'GET' | 'HEAD' | 'PUT';
type Answer = Dispatcher.ResponseData;

export interface Timeouts {
  readonly connectMs: number;
  /** Silence for so long is the end of a connection. */
  readonly idleMs: number;
}

export const TIMEOUTS: Timeouts = { connectMs: 5_000, idleMs: 30_000 };

const MOST_REDIRECTS = 3;

export function openClient(
  { url, authorization }: Address,
  { http, https, except }: Network['proxies'],
  { connectMs, idleMs }: Timeouts,
): Client {
  const limits = { headersTimeout: idleMs, bodyTimeout: idleMs, connect: { timeout: connectMs } };
  const agent =
    http === '' && https === ''
      ? new Agent(limits)
      : quietly(() => new EnvHttpProxyAgent({ ...limits, httpProxy: http, httpsProxy: https, noProxy: except }));
  // Some servers keep blobs elsewhere and send there; the credentials stay behind. Nothing is sent on to another place.
  const reading = agent.compose(interceptors.redirect({ maxRedirections: MOST_REDIRECTS }));
  return {
    send: (method, path, signal, body, size) =>
      request(`${url}${path}`, {
        dispatcher: method === 'PUT' ? agent : reading,
        method,
        signal,
        // The connection is kept after a HEAD too.
        reset: false,
        ...(body == null ? {} : { body }),
        headers: {
          'user-agent': 'groundwork',
          // Compressed on the way, the size would be another.
          'accept-encoding': 'identity',
          ...(authorization === null ? {} : { authorization }),
          ...(size === undefined ? {} : { 'content-length': String(size), 'content-type': 'application/octet-stream' }),
        },
      }),
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
