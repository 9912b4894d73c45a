/**
 * Ends what a run started when the run's own process is killed (`kill -9`, out of memory), which can end nothing itself
 * any more. A small shell waits for the end of its input, which the system closes with this process, and then ends every
 * process that carries the folder of the run's rooms in its environment. Linux only.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Twice: a process may start another one meanwhile. */
const SCRIPT = `
read -r _
for look in 1 2; do
  for found in $(grep -lsF -- "$1" /proc/[0-9]*/environ); do
    pid=\${found#/proc/}
    kill -9 "\${pid%/environ}"
  done
done`;

/** Returns how to end the watch: call it when the run has ended its processes itself. */
export function watchOver(rooms: string): () => void {
  if (process.platform !== 'linux') return () => {};
  // A session of its own: Ctrl-C and a closed terminal do not reach it.
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'groundproof-watcher', `TMPDIR=${rooms}/`], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // A system without a shell has no shell steps either; and a run does not fail for want of a watcher.
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  (watcher.stdin as Socket).unref();
  const end = () => void watcher.kill('SIGKILL');
  process.once('exit', end);
  return () => {
    process.off('exit', end);
    end();
  };
}
