/** Describes the process for which a run waits. */
import type { ClaimHolder } from './await-claim.ts';

export function holderText({ pid, host, since, isStopped }: ClaimHolder): string {
  if (pid === process.pid && host === null) return 'this run';
  const who = `process ${pid}${host === null ? '' : ` on ${host}`}`;
  const began = since === null ? '' : ` (since ${since.toISOString().slice(0, 19)}Z)`;
  return `${who}${began}${isStopped ? ', which is stopped: unless it goes on, this run takes over after a minute' : ''}`;
}
