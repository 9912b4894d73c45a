import type { RunFailure } from '../base/failure.ts';

const EARLIER = 'GROUNDWORK_';

/** Refuses environment variables of the earlier name, which nothing reads any more; undefined without such variables. */
export function earlierSettings(env: NodeJS.ProcessEnv): RunFailure | undefined {
  const names = Object.keys(env).filter((name) => name.startsWith(EARLIER));
  if (names.length === 0) return undefined;
  const renamed = names.map((name) => `${name} to ${name.replace(EARLIER, 'GROUNDPROOF_')}`);
  return {
    reason: 'usage',
    message: `groundwork is called groundproof now, and ${names.join(', ')} is not read any more`,
    hint: `rename ${renamed.join(', ')}`,
  };
}
