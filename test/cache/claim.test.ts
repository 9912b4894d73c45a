import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { claim, tryClaim } from '../../src/cache/claim.ts';
import { thisProcess } from '../../src/cache/process-identity.ts';
import { program, start, together } from './processes.ts';
import { put, temporaryFolder } from './temporary.ts';

const never = new AbortController().signal;
const nothing = () => {};
const claimPath = () => join(temporaryFolder(), 'claims/key');

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('only one has it, and after its release another', () => {
  const path = claimPath();
  const first = tryClaim(path);
  expect(first).toBeDefined();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject(thisProcess());
  expect(tryClaim(path)).toBeUndefined();
  expect(tryClaim(`${path}2`)).toBeDefined();
  first?.release();
  expect(tryClaim(path)).toBeDefined();
  expect(readdirSync(join(path, '..')).sort()).toEqual(['key', 'key2']);
});

test('whoever waits is told once, and gets it when it is released', async () => {
  const path = claimPath();
  const first = tryClaim(path);
  const told = vi.fn(() => queueMicrotask(() => first?.release()));
  expect(await claim(path, never, told)).toBeDefined();
  expect(told).toHaveBeenCalledTimes(1);
});

test('a free claim is taken without a word; an aborted wait takes nothing', async () => {
  const path = claimPath();
  const told = vi.fn();
  expect(await claim(path, never, told)).toBeDefined();
  expect(told).not.toHaveBeenCalled();
  const abort = new AbortController();
  const waiting = claim(path, abort.signal, () => abort.abort());
  expect(await waiting).toBeUndefined();
  expect(await claim(`${path}2`, AbortSignal.abort(), nothing)).toBeUndefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test.each([
  ['a process that ended', () => JSON.stringify({ pid: deadPid(), started: '7', nonce: 'dead' })],
  [
    'an earlier process with the number of this one',
    () => JSON.stringify({ ...thisProcess(), started: '1', nonce: 'n' }),
  ],
  ['a machine that crashed before its text was on disk', () => ''],
])('the claim of %s is taken over', (_, text) => {
  const path = claimPath();
  put(path, text());
  const taken = tryClaim(path);
  expect(taken).toBeDefined();
  expect(tryClaim(path)).toBeUndefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
  taken?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a process that died while it buried a dead one is buried too', () => {
  const path = claimPath();
  const pid = deadPid();
  put(path, JSON.stringify({ pid, started: '7', nonce: 'a' }));
  put(`${path}.a`, JSON.stringify({ pid, started: '7', nonce: 'b' }));
  put(`${path}.a.b`, JSON.stringify({ pid, started: '7', nonce: 'c' }));
  expect(tryClaim(path)).toBeDefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test('while a live process buries, others keep away', () => {
  const path = claimPath();
  put(path, JSON.stringify({ pid: deadPid(), started: '7', nonce: 'a' }));
  const burial = tryClaim(`${path}.a`);
  expect(tryClaim(path)).toBeUndefined();
  burial?.release();
  expect(tryClaim(path)).toBeDefined();
});

test('of many processes exactly one at a time has it, though each dies with it', async () => {
  const folder = temporaryFolder();
  // Whoever has the claim makes a folder that nobody else may find, and goes without releasing.
  const mortal = program(`
    import { mkdirSync, rmdirSync, appendFileSync } from 'node:fs';
    import { tryClaim } from './cache/claim.ts';
    const [, , own, folder] = process.argv;
    while (!tryClaim(folder + '/claims/key'));
    mkdirSync(folder + '/inside');
    appendFileSync(folder + '/order', own + '\\n');
    rmdirSync(folder + '/inside');
    process.kill(process.pid, 'SIGKILL');
  `);
  put(join(folder, 'claims/key'), JSON.stringify({ pid: deadPid(), started: '7', nonce: 'first' }));
  const ended = await Promise.all(Array.from({ length: 8 }, (_, i) => start(mortal, String(i), folder).ended));
  expect(ended.map(({ stderr }) => stderr).join('')).toBe('');
  const order = readFileSync(join(folder, 'order'), 'utf8').trim().split('\n');
  expect(order.sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  expect(tryClaim(join(folder, 'claims/key'))).toBeDefined();
});

test('of many processes exactly one at a time has it, and all get their turns', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'claims'));
  const polite = program(`
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { tryClaim } from './cache/claim.ts';
    const [, , own, folder] = process.argv;
    for (let turn = 0; turn < 20; turn++) {
      let held;
      while (!(held = tryClaim(folder + '/claims/key')));
      mkdirSync(folder + '/inside');
      rmdirSync(folder + '/inside');
      held.release();
    }
    process.stdout.write('done');
  `);
  expect(await together(3, polite, folder)).toEqual(['done', 'done', 'done']);
  expect(readdirSync(join(folder, 'claims'))).toEqual([]);
});
