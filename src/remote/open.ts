import { proxiesIn } from './proxies.ts';
import type { Remote, RemoteUse } from './remote.ts';

/** The remote cache at an address, as a run uses it. The client is large, so it is loaded only where a cache is asked. */
export async function remoteAt(use: Omit<RemoteUse, 'proxies' | 'limits'>): Promise<Remote> {
  const { openRemote } = await import('./remote.ts');
  return openRemote({ ...use, proxies: proxiesIn(process.env) });
}
