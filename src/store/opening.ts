/**
 * Openings: who has a store open. Each has a folder in `tmp` whose name says which process made it, on which machine, so
 * that others can tell whether it still lives.
 */
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

/** How an opening takes part: by its name, and by what it has seen of those of other machines. */
export interface Opening {
  readonly name: string;
  readonly isSpent: IsSpent;
  readonly token: Token;
}

/** A file with the text of an opening's claims. */
export interface Token {
  readonly path: string;
  readonly nonce: string;
  /** The paths that are claimed by a link to it. */
  readonly claimed: Set<string>;
}

export interface Owner extends ProcessIdentity {
  /** Null: this one. */
  readonly host: Host | null;
}

/** The name of this process's opening number `n`. */
export function openingName(n: number): string {
  const { pid, started } = thisProcess();
  const { name, boot, space } = thisHost();
  return `${pid}-${started}-${n}-${boot}-${space}-${name}`;
}

/** A name that says nothing of a machine is of before there were several, and of this one. */
export function ownerOf(openingName: string): Owner {
  const [pid, started = '', , boot, space = '', ...name] = openingName.split('-');
  const host = boot === undefined ? null : { boot, space, name: name.join('-') };
  return { pid: Number(pid), started, host: host && !isThisHost(host) ? host : null };
}

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

/**
 * Whether an opening's process is gone for good, so that what it was making may be removed. Of one on another machine
 * that is said with care, by a single look: both times are those of the file system, which is one clock on NFS, but the
 * machines' own clocks elsewhere, and those are not a day apart.
 */
export function isOver(temporary: string, name: string, own: string): boolean {
  const owner = ownerOf(name);
  if (owner.host === null) return !isAlive(owner);
  const idle = renewedAt(join(temporary, own)) - renewedAt(join(temporary, name));
  return idle > (isThisMachine(owner.host) ? 10 * MINUTES : 24 * HOURS);
}
