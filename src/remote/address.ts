/** The address and the credentials of a remote cache, checked before anything else is done. */
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { RemoteRequest } from '../load/request.ts';

export interface Address {
  /** Without a slash at its end. Never holds credentials, so it may be shown. */
  readonly url: string;
  readonly write: boolean;
  /** The value of the header, from the environment; null without credentials. Never shown. */
  readonly authorization: string | null;
}

const USE = 'set GROUNDPROOF_REMOTE_TOKEN, or GROUNDPROOF_REMOTE_USER and GROUNDPROOF_REMOTE_PASSWORD';

const wrong = (message: string, hint?: string): Result<never, RunFailure> =>
  err({ reason: 'usage', message, ...(hint === undefined ? {} : { hint }) });

/** Takes credentials only from the environment, as addresses appear in process lists and logs. Null without a remote. */
export function addressOf(remote: RemoteRequest | null, env: NodeJS.ProcessEnv): Result<Address | null, RunFailure> {
  if (remote === null) return ok(null);
  if (remote.url === '') return wrong('--remote-write needs an address', 'add --remote URL, or set GROUNDPROOF_REMOTE');
  const url = URL.canParse(remote.url) ? new URL(remote.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return wrong('the address of the remote cache should be like https://cache.example.org/groundproof');
  }
  if (url.username !== '' || url.password !== '') {
    return wrong('the address of the remote cache has credentials in it, where others can read them', USE);
  }
  // A query or hash may hold a token, and keys are appended to the path.
  if (url.search !== '' || url.hash !== '') return wrong('the address of the remote cache ends in ? or #', USE);
  const authorization = authorizationOf(env);
  if (!authorization.ok) return authorization;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return ok({ url: base, write: remote.write, authorization: authorization.value });
}

/** Treats an empty variable as unset: CI passes a secret that a job may not see as ''. */
function authorizationOf(env: NodeJS.ProcessEnv): Result<string | null, RunFailure> {
  const { GROUNDPROOF_REMOTE_TOKEN: token, GROUNDPROOF_REMOTE_USER: user, GROUNDPROOF_REMOTE_PASSWORD: password } = env;
  if (token) {
    if (!/^[\x21-\x7e]+$/.test(token))
      return wrong('GROUNDPROOF_REMOTE_TOKEN holds a space or another character that no header can hold');
    return ok(`Bearer ${token}`);
  }
  if (!user && !password) return ok(null);
  if (!user || !password) {
    const [given, missing] = user ? ['USER', 'PASSWORD'] : ['PASSWORD', 'USER'];
    return wrong(`GROUNDPROOF_REMOTE_${given} is set, and GROUNDPROOF_REMOTE_${missing} is not`);
  }
  // RFC 7617: the user ends at the first colon.
  if (user.includes(':')) return wrong('GROUNDPROOF_REMOTE_USER holds a colon, which no user name can');
  return ok(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
}
