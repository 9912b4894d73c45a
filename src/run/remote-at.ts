import type { Store } from '../cache/store.ts';
import type { Address } from '../remote/address.ts';
import type { Remote } from '../remote/remote.ts';
import { proxiesIn } from './proxies.ts';

/** The remote cache at an address, as a run uses it. The client is large: loaded only where one is asked. */
export async function remoteAt(
  address: Address,
  store: Store,
  warn: (message: string) => void,
  signal: AbortSignal,
): Promise<Remote> {
  const { openRemote } = await import('../remote/remote.ts');
  return openRemote(address, store, proxiesIn(process.env), warn, signal);
}
