/** Times another program. */
import { execFileSync } from 'node:child_process';
import type { Contestant } from './compare.ts';

/** Runs a program without a shell, from its start to its end; drops its output. */
export const command = (name: string, file: string, args: readonly string[], cwd?: string): Contestant => ({
  name,
  run: () => void execFileSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'], ...(cwd ? { cwd } : {}) }),
});
