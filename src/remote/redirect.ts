/** A redirect from an encrypted connection to a connection that anybody on the way can read and change. */
export class RedirectInTheClear extends Error {}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The target of a redirect; undefined for any other answer, and for a target that is not HTTP.
 *
 * @throws RedirectInTheClear
 */
export function redirectedTo(
  from: URL,
  {
    statusCode,
    headers,
  }: { readonly statusCode: number; readonly headers: { readonly location?: string | string[] | undefined } },
): URL | undefined {
  const location = headers.location?.toString();
  if (!REDIRECTS.has(statusCode) || location === undefined || !URL.canParse(location, from)) return undefined;
  const to = new URL(location, from);
  if (to.protocol === 'http:' && from.protocol === 'https:') {
    throw new RedirectInTheClear('it redirects from https to http, where anybody on the way can change the answer');
  }
  if (!/^https?:$/.test(to.protocol)) return undefined;
  // Do not send credentials that the target holds.
  to.username = '';
  to.password = '';
  return to;
}
