import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropLease, holdLease, renewFromNow, watchLeases } from '../../src/store/lease.ts';
import { put, temporaryFolder } from './temporary.ts';

/** A lease of another machine and a watcher of it, with a clock that the test sets. */
function watched() {
  const temporary = temporaryFolder();
  let now = 0;
  const isSpent = watchLeases(temporary, () => now);
  return {
    renew: (content: string) => put(join(temporary, 'theirs/lease'), content),
    remove: () => rmSync(join(temporary, 'theirs'), { recursive: true }),
    isSpent: () => isSpent('theirs'),
    /** Reads the lease twice a second for the given time; returns whether it was ever spent. */
    look(seconds: number): boolean {
      let spent = false;
      for (const end = now + seconds * 1000; now < end; now += 500) spent = isSpent('theirs') || spent;
      return spent;
    },
    pass(seconds: number): void {
      now += seconds * 1000;
    },
  };
}

test('a lease is spent after it was seen unchanged for a minute, and not before', () => {
  const { renew, look, isSpent } = watched();
  renew('1');
  expect(look(60)).toBe(false);
  expect(isSpent()).toBe(true);
});

test('a lease that is renewed within each minute is not spent', () => {
  const { renew, look } = watched();
  for (let turn = 0; turn < 10; turn++) {
    renew(String(turn));
    expect(look(55)).toBe(false);
  }
  expect(look(10)).toBe(true);
});

test('a spent lease that is renewed is no longer spent', () => {
  const { renew, look, isSpent } = watched();
  renew('1');
  expect(look(70)).toBe(true);
  renew('2');
  expect(isSpent()).toBe(false);
});

test('a missing lease is spent after a minute', () => {
  const { renew, remove, look } = watched();
  expect(look(55)).toBe(false);
  renew('1');
  expect(look(55)).toBe(false);
  remove();
  expect(look(55)).toBe(false);
  expect(look(10)).toBe(true);
});

test('time for which the watcher slept does not count', () => {
  const { renew, isSpent, pass } = watched();
  renew('1');
  for (let look = 0; look < 30; look++) {
    expect(isSpent()).toBe(false);
    pass(3600);
  }
  expect(isSpent()).toBe(true);
});

test('a lease is renewed while the main thread is blocked', () => {
  const folder = join(temporaryFolder(), 'opening');
  holdLease(folder);
  const read = () => readFileSync(join(folder, 'lease'), 'latin1');
  const before = read();
  renewFromNow();
  // Without a turn of the event loop.
  const blocked = new Int32Array(new SharedArrayBuffer(4));
  for (let left = 6000; read() === before && left > 0; left--) Atomics.wait(blocked, 0, 0, 10);
  expect(read()).not.toBe(before);
  expect(read()).toHaveLength(before.length);
  dropLease(folder);
});
