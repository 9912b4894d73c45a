import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropLease, holdLease, renewFromNow, watchLeases } from '../../src/store/lease.ts';
import { put, temporaryFolder } from './temporary.ts';

/** A lease of another machine, and somebody who looks at it; time passes only when it is told to. */
function watched() {
  const temporary = temporaryFolder();
  let now = 0;
  const isSpent = watchLeases(temporary, () => now);
  return {
    renew: (content: string) => put(join(temporary, 'theirs/lease'), content),
    remove: () => rmSync(join(temporary, 'theirs'), { recursive: true }),
    isSpent: () => isSpent('theirs'),
    /** Looks twice a second for so long; whether it was found spent at any look. */
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

test('a lease that is seen unchanged for a minute is spent, and not before', () => {
  const { renew, look, isSpent } = watched();
  renew('1');
  expect(look(60)).toBe(false);
  expect(isSpent()).toBe(true);
});

test('one that is renewed now and then never is, and when it is no more, a minute later', () => {
  const { renew, look } = watched();
  for (let turn = 0; turn < 10; turn++) {
    renew(String(turn));
    expect(look(55)).toBe(false);
  }
  expect(look(10)).toBe(true);
});

test('one that was spent and is renewed lives', () => {
  const { renew, look, isSpent } = watched();
  renew('1');
  expect(look(70)).toBe(true);
  renew('2');
  expect(isSpent()).toBe(false);
});

test('an opening without a lease is spent like any other', () => {
  const { renew, remove, look } = watched();
  expect(look(55)).toBe(false);
  renew('1');
  expect(look(55)).toBe(false);
  remove();
  expect(look(55)).toBe(false);
  expect(look(10)).toBe(true);
});

test('a watcher that slept, or waited for the file system, has seen nothing meanwhile', () => {
  const { renew, isSpent, pass } = watched();
  renew('1');
  for (let look = 0; look < 30; look++) {
    expect(isSpent()).toBe(false);
    pass(3600);
  }
  expect(isSpent()).toBe(true);
});

test('a lease is renewed also while its process does nothing but work', () => {
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
