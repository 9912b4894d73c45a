import type { Network } from '../task/define.ts';

/** The proxies that an environment names, as most programs read it: the lower-case name first. */
export function proxiesIn(env: NodeJS.ProcessEnv): Network['proxies'] {
  const named = (name: string) => env[name.toLowerCase()] ?? env[name] ?? '';
  return { http: named('HTTP_PROXY'), https: named('HTTPS_PROXY'), except: named('NO_PROXY') };
}
