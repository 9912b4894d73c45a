/**
 * Tells whether a task left its thread as it found it, so that another action may have the thread. Looked at: globals, the
 * language's own objects, what tasks patch most of Node's modules, listeners, timers and handles. Runs in the worker.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

type Owner = { readonly [key: PropertyKey]: unknown };

interface Seen {
  readonly owner: Owner;
  /** How many members it has. */
  readonly count: number;
  /** Those that hold a value. An accessor counts by its name only: to read it may do something. */
  readonly keys: readonly PropertyKey[];
  readonly values: readonly unknown[];
}

/** Looks at the thread now; what it returns tells whether all is still so. */
export function watchThread(): () => boolean {
  const seen = ownersOf(globalThis as unknown as Owner).map(look);
  const listeners = listenersNow();
  const resources = process.getActiveResourcesInfo().length;
  return () =>
    seen.every(isSame) && listenersNow() === listeners && process.getActiveResourcesInfo().length <= resources;
}

const ACCESSOR = Symbol('accessor');

const isOwner = (value: unknown): value is Owner =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** The global object, what hangs on it, the prototypes of that, and those that have no name. */
function ownersOf(global: Owner): readonly Owner[] {
  const named = valuesOf(global).filter(isOwner);
  const iterators = [[][Symbol.iterator](), new Map().entries(), new Set().entries(), ''[Symbol.iterator]()];
  const functions = [async () => {}, function* () {}, async function* () {}];
  const nameless = [...iterators, ...functions, Uint8Array].map((one) => Object.getPrototypeOf(one));
  const all = [global, ...named, ...nameless, fs, fs.promises, os, path, process];
  const prototypes = all.flatMap((owner) => {
    const prototype = Object.getOwnPropertyDescriptor(owner, 'prototype')?.value;
    return isOwner(prototype) ? [prototype] : [];
  });
  return [...new Set([...all, ...prototypes])] as Owner[];
}

/** Not of accessors. */
const valuesOf = (owner: Owner): readonly unknown[] =>
  Reflect.ownKeys(owner).map((key) => {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    return found && 'value' in found ? found.value : ACCESSOR;
  });

function look(owner: Owner): Seen {
  const values = valuesOf(owner);
  const keys = Reflect.ownKeys(owner);
  const isData = (_: unknown, i: number) => values[i] !== ACCESSOR;
  return { owner, count: keys.length, keys: keys.filter(isData), values: values.filter(isData) };
}

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
