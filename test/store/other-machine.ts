/** Simulates openings of a store by processes of other machines. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, thisHost } from '../../src/store/process.ts';
import { put } from './temporary.ts';

export const node3: Host = { name: 'node-3.lab', boot: '01234567', space: '4026531836' };
export const beforeRestart = (): Host => ({ ...thisHost(), boot: 'fedcba98' });
export const container = (): Host => ({ ...thisHost(), name: '0a1b2c3d4e5f', space: '4026539999' });

/** The name of an opening by a process with this process's number, which is alive here but not there. */
export const nameOn = ({ name, boot, space }: Host, n = 0): string => `${process.pid}-1-${n}-${boot}-${space}-${name}`;

/** Makes an opening whose lease was renewed so long ago; returns its folder. */
export function openedOn(host: Host, root: string, secondsAgo = 0): string {
  const folder = join(root, 'tmp', nameOn(host));
  const at = Date.now() / 1000 - secondsAgo;
  utimesSync(put(join(folder, 'lease'), '1'), at, at);
  return folder;
}
