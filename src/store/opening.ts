/** Openings: the folders by which processes tell who has a store open. Step 1 of the protocol in `claim.ts`. */
import { join } from 'node:path';
import { type IsSpent, renewedAt } from './lease.ts';
import {
  type Host,
  isAlive,
  isThisHost,
  isThisMachine,
  type ProcessIdentity,
  thisHost,
  thisProcess,
} from './process.ts';

export interface Opening {
  /** The name of its folder. */
  readonly name: string;
  /** Tells whether the lease of another opening is spent. */
  readonly isSpent: IsSpent;
  readonly token: ClaimToken;
}

/** The file to which an opening's claims are hard links (step 4). */
export interface ClaimToken {
  readonly path: string;
  readonly nonce: string;
  /** The paths that are claimed by a link to it now. */
  readonly claimed: Set<string>;
}

export interface Owner extends ProcessIdentity {
  /** Null: this machine, in the same namespace of process numbers. */
  readonly host: Host | null;
}

/** The name of this process's opening number `n`. */
export function openingName(n: number): string {
  const { pid, started } = thisProcess();
  const { name, boot, space } = thisHost();
  return `${pid}-${started}-${n}-${boot}-${space}-${name}`;
}

/** Parses the name of an opening. Names without a machine are from older versions and mean this machine. */
export function ownerOf(openingName: string): Owner {
  const [pid, started = '', , boot, space = '', ...name] = openingName.split('-');
  const host = boot === undefined ? null : { boot, space, name: name.join('-') };
  return { pid: Number(pid), started, host: host && !isThisHost(host) ? host : null };
}

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

/**
 * Whether the process of an opening in `folder` has ended, so that its unfinished files may be removed. For a process of
 * another machine, compares the times of its lease and of the lease of the `caller`. NFS sets both by the server's
 * clock. Other file systems use the clocks of the two machines, so the
 * limit is a day; for another container on this machine, it is 10 minutes.
 */
export function hasEnded(folder: string, name: string, caller: string): boolean {
  const owner = ownerOf(name);
  if (owner.host === null) return !isAlive(owner);
  const idle = renewedAt(join(folder, caller)) - renewedAt(join(folder, name));
  return idle > (isThisMachine(owner.host) ? 10 * MINUTES : 24 * HOURS);
}
