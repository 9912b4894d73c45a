/**
 * Tells whether a task left its thread unchanged, so that another action may have the thread. Compares globals, the
 * language's own objects, the modules of Node that tasks use, listeners, timers and handles. Runs in the worker.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

type Owner = { readonly [key: PropertyKey]: unknown };
type Member = readonly [key: PropertyKey, value: unknown];

interface Snapshot {
  readonly owner: Owner;
  /** The number of all members. */
  readonly count: number;
  /** The members that are compared, with their values. */
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

export interface ThreadWatch {
  /** Also watches modules of Node, by full name, which an action is about to use. */
  alsoWatch(modules: readonly string[]): void;
  /** Whether everything is still as it was when its watch began. */
  isUntouched(): boolean;
}

/** Begins the watch with the thread's present state. */
export function watchThread(): ThreadWatch {
  const snapshots = new Map<Owner, Snapshot>();
  const watch = (owner: Owner, members: readonly Member[]) => {
    if (!snapshots.has(owner)) snapshots.set(owner, snapshotOf(owner, members));
  };
  for (const owner of ownersOf(globalThis as unknown as Owner)) watch(owner, dataOf(owner));
  const listeners = listenersNow();
  const resources = process.getActiveResourcesInfo().length;
  // The state of both changes by itself. The members of `process` that matter are watched as a global.
  const known = new Set(['node:module', 'node:process']);
  return {
    alsoWatch(modules) {
      for (const name of modules.filter((module) => !known.has(module))) {
        known.add(name);
        watchModule(require(name) as Owner, watch);
      }
    },
    isUntouched: () =>
      [...snapshots.values()].every(isSame) &&
      listenersNow() === listeners &&
      process.getActiveResourcesInfo().length <= resources,
  };
}

const require = createRequire(import.meta.url);

const isOwner = (value: unknown): value is Owner =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

const memberValue = ([, value]: Member): unknown => value;

/** The global object, its members and their prototypes, and prototypes that have no global name. */
function ownersOf(global: Owner): readonly Owner[] {
  const named = dataOf(global).map(memberValue).filter(isOwner);
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().entries(), ''[Symbol.iterator]()];
  const functions = [async () => {}, function* () {}, async function* () {}];
  const nameless = [...iterators, ...functions, Uint8Array].map((value) => Object.getPrototypeOf(value));
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
    for (const object of held) if (typeof object === 'object') watch(object, dataOf(object));
  }
}

/** Most functions have only a length, a name and a prototype. */
const hasMore = (value: Owner): boolean => typeof value === 'object' || Reflect.ownKeys(value).length > 3;

function prototypeOf(owner: Owner): readonly Owner[] {
  const prototype = Object.getOwnPropertyDescriptor(owner, 'prototype')?.value;
  return isOwner(prototype) && Reflect.ownKeys(prototype).length > 1 ? [prototype] : [];
}

/** Members that hold a value. Accessors are left out, since reading them may have effects; their number is compared. */
const dataOf = (owner: Owner): readonly Member[] =>
  Reflect.ownKeys(owner).flatMap((key): readonly Member[] => {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    return found && 'value' in found ? [[key, found.value]] : [];
  });

/** Members that hold a value, and accessors with a setter, which are settings of a module or of a function. */
const settingsOf = (owner: Owner): readonly Member[] =>
  Reflect.ownKeys(owner).flatMap((key): readonly Member[] => {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    return found && ('value' in found || (found.get && found.set)) ? [[key, owner[key]]] : [];
  });

const snapshotOf = (owner: Owner, members: readonly Member[]): Snapshot => ({
  owner,
  count: Reflect.ownKeys(owner).length,
  keys: members.map(([key]) => key),
  values: members.map(memberValue),
});

/** A plain loop for speed: it compares 2,000 values after every action. */
function isSame({ owner, count, keys, values }: Snapshot): boolean {
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
