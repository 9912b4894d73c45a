/** Says why a store cannot be used, and how to fix it. */
import type { RunFailure, StoreUser } from '../base/failure.ts';
import { unreachable } from '../base/result.ts';
import { listText } from './list.ts';

type StoreFailure = Extract<RunFailure, { reason: `store-${string}` }>;

export function storeFailureText(failure: StoreFailure): string {
  switch (failure.reason) {
    case 'store-newer':
      return `the store ${failure.path} has format ${failure.found}, this groundproof knows ${failure.known}: update groundproof, or use another store with --store`;
    case 'store-refused':
      return `${failure.path} is not a store and not empty, so nothing was touched; choose an empty or new folder with --store`;
    case 'store-linked':
      return `${failure.path} is a link, and a store keeps nothing behind one; put the whole store there and name it with --store`;
    case 'store-missing':
      return `there is no store ${failure.path}; name one with --store, or the pipeline beside it`;
    case 'store-in-use':
      return `the store ${failure.path} is in use by ${storeUsersText(failure.processes)}; nothing was removed, try again when that has ended${elsewhereHint(failure)}`;
    case 'store-taken-over':
      return `this process was suspended for so long that others took over the store ${failure.path}; it removed nothing more. Run it again`;
    default:
      return unreachable(failure);
  }
}

/** `processes 12, 13 and process 7 on node3`; a gc does not say which process it is. */
export function storeUsersText(users: readonly StoreUser[]): string {
  if (users.length === 0) return 'another gc';
  const here = users.filter(({ host }) => host === null).map(({ pid }) => pid);
  const elsewhere = users.filter(({ host }) => host !== null).map(({ pid, host }) => `process ${pid} on ${host}`);
  const local = here.length === 0 ? '' : `${here.length === 1 ? 'process' : 'processes'} ${here.join(', ')}`;
  return [local, listText(elsewhere, ', ')].filter((text) => text !== '').join(' and ');
}

/** This machine cannot see whether a process of another machine has died. */
const elsewhereHint = ({ path, processes }: Extract<StoreFailure, { reason: 'store-in-use' }>): string =>
  processes.some(({ host }) => host !== null)
    ? `. One that died on another machine counts for a day, or until its folder in ${path}/tmp is removed`
    : '';
