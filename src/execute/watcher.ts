/**
 * Ends the programs of a run whose own process is killed (`kill -9`, out of memory) and so cannot end them itself. A small
 * shell waits for the end of its input, which the system closes with this process, and then kills every process whose
 * environment names the folder of the run's scratch folders. Linux only.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Searches twice, because a process may start another meanwhile. */
const SCRIPT = `
read -r _
for look in 1 2; do
  for found in $(grep -lsF -- "$1" /proc/[0-9]*/environ); do
    pid=\${found#/proc/}
    kill -9 "\${pid%/environ}"
  done
done`;

/** Returns a function that ends the watch; call it when the run has ended its processes itself. */
export function watchOver(parent: string): () => void {
  if (process.platform !== 'linux') return () => {};
  // Detached, so that Ctrl-C and a closed terminal do not reach it.
  const watcher = spawn('/bin/sh', ['-c', SCRIPT, 'groundproof-watcher', `TMPDIR=${parent}/`], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // A run does not fail for want of a watcher. A system without a shell has no shell steps either.
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
