import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryClaim } from '../../src/store/claim.ts';
import { watchClaim, withSoleUse } from '../../src/store/sole-use.ts';
import { node3, openedOn } from './other-machine.ts';
import { program, start, together } from './processes.ts';
import { put, temporaryFolder, temporaryStore } from './temporary.ts';

test('withSoleUse does its work only while no other process has the store open', () => {
  const store = temporaryStore();
  expect(withSoleUse(store, () => 'done')).toEqual({ ok: true, value: 'done' });
  const other = temporaryStore(store.root);
  const never = () => {
    throw new Error('it was done');
  };
  expect(withSoleUse(store, never)).toEqual({ ok: false, error: [{ pid: process.pid, host: null }] });
  expect(withSoleUse(other, never)).toEqual({ ok: false, error: [{ pid: process.pid, host: null }] });
  other.close();
  expect(withSoleUse(store, () => 'done')).toEqual({ ok: true, value: 'done' });
  expect(readdirSync(join(store.root, 'claims'))).toEqual([]);
});

test('withSoleUse lists openings afresh, because an NFS client may have cached them', () => {
  const store = temporaryStore();
  const temporary = join(store.root, 'tmp');
  utimesSync(temporary, 1, 1);
  expect(withSoleUse(store, () => statSync(temporary).mtimeMs)).toMatchObject({ ok: true });
  // The folder changed, so a file was made there and removed, after which the client asks the server.
  expect(statSync(temporary).mtimeMs).toBeGreaterThan(1000);
});

test('withSoleUse ignores claims and openings of killed processes', () => {
  const store = temporaryStore();
  const dead = { pid: 2 ** 22 + 1, started: '7', nonce: 'a' };
  put(join(store.root, 'claims/sweep'), JSON.stringify(dead));
  mkdirSync(join(store.root, `tmp/${dead.pid}-7-0`));
  const other = temporaryStore(store.root);
  other.close();
  expect(withSoleUse(store, () => 'done')).toEqual({ ok: true, value: 'done' });
});

test('withSoleUse reports a process of another machine that may be alive', () => {
  const store = temporaryStore();
  openedOn(node3, store.root, 3600);
  const users = [{ pid: process.pid, host: 'node-3.lab' }];
  expect(withSoleUse(store, () => 'done')).toEqual({ ok: false, error: users });
  openedOn(node3, store.root, 2 * 24 * 3600);
  expect(withSoleUse(store, () => 'done')).toEqual({ ok: true, value: 'done' });
});

test('openStore waits until gc has ended', async () => {
  const store = temporaryStore();
  const opener = program(`
    import { appendFileSync } from 'node:fs';
    import { openStore } from './store/open.ts';
    const [, , root, order] = process.argv;
    process.stdout.write('begun');
    const opened = openStore(root);
    if (!opened.ok) throw new Error(opened.error.reason);
    appendFileSync(order, 'opened ');
    opened.value.close();
  `);
  const order = join(temporaryFolder(), 'order');
  // Held across turns, which gc never does.
  const claim = tryClaim(join(store.root, 'claims/sweep'), store.opening);
  const { child, ended } = start(opener, store.root, order);
  const openings = new Set<number>();
  /** A waiting process makes its folder again before each look. */
  const looks = () => {
    for (const name of readdirSync(join(store.root, 'tmp'))) {
      const found = statSync(join(store.root, 'tmp', name), { throwIfNoEntry: false });
      if (found && name.startsWith(`${child.pid}-`)) openings.add(found.ctimeMs);
    }
    return existsSync(order) ? 'opened' : openings.size;
  };
  await expect.poll(looks, { timeout: 30_000, interval: 5 }).toBe(3);
  put(order, 'swept ');
  claim?.release();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(order, 'utf8')).toBe('swept opened ');
});

test('gc never runs while any of many processes uses the store', async () => {
  const user = program(`
    import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
    import { join } from 'node:path';
    import { openStore } from './store/open.ts';
    import { watchClaim, withSoleUse } from './store/sole-use.ts';
    const [, , own, root] = process.argv;
    let swept = 0;
    for (let turn = 0; turn < 40; turn++) {
      const opened = openStore(root + '/cache');
      if (!opened.ok) throw new Error(opened.error.reason);
      const store = opened.value;
      // Stands for the results that a run uses while it has the store open.
      const mine = join(root, 'used-' + own + '-' + turn);
      mkdirSync(mine);
      if (turn % 2) {
        rmdirSync(mine);
        const sole = withSoleUse(store, () => {
          const used = readdirSync(root).filter((name) => name.startsWith('used-'));
          if (used.length > 0) throw new Error('swept while in use: ' + used);
          mkdirSync(join(root, 'dropping'));
          rmdirSync(join(root, 'dropping'));
        });
        if (sole.ok) swept++;
      } else {
        if (!existsSync(mine)) throw new Error('gone');
        rmdirSync(mine);
      }
      store.close();
    }
    process.stdout.write(String(swept));
  `);
  const swept = await together(4, user, temporaryFolder());
  expect(swept.reduce((sum, one) => sum + Number(one), 0)).toBeGreaterThan(0);
});

test('watchClaim reads the claim after each pause until the lease has been renewed, and now and then', () => {
  let at = 0;
  let looks = 0;
  const isOurs = watchClaim({ isOurs: () => ++looks > 0 }, () => at);
  const after = (milliseconds: number) => {
    at += milliseconds;
    isOurs();
    return looks;
  };
  expect([after(1), after(90), after(90)]).toEqual([0, 0, 0]);
  expect([after(60_000), after(50), after(50)]).toEqual([1, 2, 3]);
  for (let i = 0; i < 200; i++) after(90);
  const settled = looks;
  expect(after(1)).toBe(settled);
  for (let i = 0; i < 60; i++) after(90);
  expect(looks).toBeGreaterThan(settled);
  const before = looks;
  expect(after(-1000)).toBe(before + 1);
});

test('withSoleUse reports a lost claim, and a lost claim stays lost', () => {
  const store = temporaryStore();
  let clock = 0;
  const answers = [true, false, true];
  const isOurs = watchClaim({ isOurs: () => answers.shift() ?? true }, () => clock);
  const asked = Array.from({ length: 4 }, () => {
    clock += 60_000;
    return isOurs();
  });
  expect(asked).toEqual([true, false, false, false]);
  const claims = join(store.root, 'claims');
  const taken = withSoleUse(store, (ours) => {
    put(join(claims, 'sweep'), JSON.stringify({ opening: '1-1-0', nonce: 'another' }));
    const began = Date.now();
    while (Date.now() - began < 150);
    return ours();
  });
  expect(taken).toEqual({ ok: false, error: 'taken over' });
});
