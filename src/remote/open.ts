import { proxiesIn } from './proxies.ts';
import type { Remote, RemoteUse } from './remote.ts';

/** Opens the remote cache of a run. Loads the client, which is large, only if a run has a cache. */
export async function remoteAt(use: Omit<RemoteUse, 'proxies' | 'limits'>): Promise<Remote> {
  const { openRemote } = await import('./remote.ts');
  return openRemote({ ...use, proxies: proxiesIn(process.env) });
}
