/**
 * Tells whether a task left its thread as it found it, so that another action may have the thread. Looked at: globals, the
 * language's own objects, the modules of Node that tasks use, listeners, timers and handles. Runs in the worker.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

type Owner = { readonly [key: PropertyKey]: unknown };
type Member = readonly [key: PropertyKey, value: unknown];

interface Seen {
  readonly owner: Owner;
  /** How many members it has. */
  readonly count: number;
  /** Those that are compared, with their values. */
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

export interface ThreadWatch {
  /** Watches modules of Node as well, by name: those that an action is about to use. */
  alsoWatch(modules: readonly string[]): void;
  /** Tells whether all is still as it was when its watch began. */
  isUntouched(): boolean;
}

/** Looks at the thread now. */
export function watchThread(): ThreadWatch {
  const seen = new Map<Owner, Seen>();
  const watch = (owner: Owner, members: readonly Member[]) => {
    if (!seen.has(owner)) seen.set(owner, look(owner, members));
  };
  for (const owner of ownersOf(globalThis as unknown as Owner)) watch(owner, dataOf(owner));
  const listeners = listenersNow();
  const resources = process.getActiveResourcesInfo().length;
  // Both have state that changes by itself; of `process`, the globals have what matters.
  const known = new Set(['node:module', 'node:process']);
  return {
    alsoWatch(modules) {
      for (const name of modules.filter((one) => !known.has(one))) {
        known.add(name);
        watchModule(require(name) as Owner, watch);
      }
    },
    isUntouched: () =>
      [...seen.values()].every(isSame) &&
      listenersNow() === listeners &&
      process.getActiveResourcesInfo().length <= resources,
  };
}

const require = createRequire(import.meta.url);

const isOwner = (value: unknown): value is Owner =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const memberValue = ([, value]: Member): unknown => value;

/** The global object, what hangs on it, the prototypes of that, and those that have no name. */
function ownersOf(global: Owner): readonly Owner[] {
  const named = dataOf(global).map(memberValue).filter(isOwner);
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().entries(), ''[Symbol.iterator]()];
  const functions = [async () => {}, function* () {}, async function* () {}];
  const nameless = [...iterators, ...functions, Uint8Array].map((one) => Object.getPrototypeOf(one));
  const all = [global, ...named, ...nameless, fs, fs.promises, os, path, process] as Owner[];
  return [...all, ...all.flatMap(prototypeOf)];
}

/** Watches a module, its classes with their prototypes, and the objects that these hold, such as settings. */
function watchModule(module: Owner, watch: (owner: Owner, members: readonly Member[]) => void): void {
  const exported = settingsOf(module).map(memberValue).filter(isOwner);
  for (const prototype of exported.flatMap(prototypeOf)) watch(prototype, dataOf(prototype));
  for (const owner of [module, ...exported.filter(hasMore)]) {
    watch(owner, settingsOf(owner));
    const held = settingsOf(owner).map(memberValue).filter(isOwner);
    for (const one of held) if (typeof one === 'object') watch(one, dataOf(one));
  }
}

/** Most functions have nothing but a length, a name and a prototype. */
const hasMore = (value: Owner): boolean => typeof value === 'object' || Reflect.ownKeys(value).length > 3;

function prototypeOf(owner: Owner): readonly Owner[] {
  const prototype = Object.getOwnPropertyDescriptor(owner, 'prototype')?.value;
  return isOwner(prototype) && Reflect.ownKeys(prototype).length > 1 ? [prototype] : [];
}

/** Members that hold a value. An accessor of the language counts by its name only: to read it may do something. */
const dataOf = (owner: Owner): readonly Member[] =>
  Reflect.ownKeys(owner).flatMap((key): readonly Member[] => {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    return found && 'value' in found ? [[key, found.value]] : [];
  });

/** The same, and accessors that take a value, which are settings of a module or of one of its functions. */
const settingsOf = (owner: Owner): readonly Member[] =>
  Reflect.ownKeys(owner).flatMap((key): readonly Member[] => {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    return found && ('value' in found || (found.get && found.set)) ? [[key, owner[key]]] : [];
  });

const look = (owner: Owner, members: readonly Member[]): Seen => ({
  owner,
  count: Reflect.ownKeys(owner).length,
  keys: members.map(([key]) => key),
  values: members.map(memberValue),
});

/** A plain loop: this is done after every action, over 2,000 values. */
function isSame({ owner, count, keys, values }: Seen): boolean {
  for (let i = 0; i < keys.length; i++) {
    const value = owner[keys[i] as PropertyKey];
    // NaN is not equal to itself.
    if (value !== values[i] && !Object.is(value, values[i])) return false;
  }
  return Reflect.ownKeys(owner).length === count;
}

const listenersNow = (): string =>
  process
    .eventNames()
    .map((name) => `${String(name)} ${process.listenerCount(name)}`)
    .sort()
    .join('\n');
