import { spawn, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { claim, type PollIntervals } from '../../src/store/await-claim.ts';
import { newToken, tryClaim, writeToken } from '../../src/store/claim.ts';
import { watchLeases } from '../../src/store/lease.ts';
import { type Opening, openingName } from '../../src/store/opening.ts';
import { processState, thisHost, thisProcess } from '../../src/store/process.ts';
import { nameOn, node3, openedOn } from './other-machine.ts';
import { program, start, together } from './processes.ts';
import { put, temporaryFolder } from './temporary.ts';

const never = new AbortController().signal;
const nothing = () => {};
const opened = (isSpent: Opening['isSpent'] = () => false, n = 0): Opening => {
  const opening: Opening = { name: openingName(n), isSpent, token: newToken(temporaryFolder()) };
  writeToken(opening);
  return opening;
};
let own: Opening;
beforeEach(() => {
  own = opened();
});
const claimPath = () => join(temporaryFolder(), 'claims/key');

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('a claim has a single owner, and is free again after its release', () => {
  const path = claimPath();
  const first = tryClaim(path, own);
  expect(first).toBeDefined();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ opening: own.name });
  expect(tryClaim(path, own)).toBeUndefined();
  expect(tryClaim(`${path}2`, own)).toBeDefined();
  first?.release();
  expect(tryClaim(path, own)).toBeDefined();
  expect(readdirSync(join(path, '..')).sort()).toEqual(['key', 'key2']);
});

test('two openings of a process exclude each other, and an opening can claim a path again after release', () => {
  const path = claimPath();
  const other = opened(undefined, 1);
  for (const [holder, waiting] of [
    [own, other],
    [own, other],
    [other, own],
  ] as const) {
    const held = tryClaim(path, holder);
    expect([tryClaim(path, waiting), tryClaim(path, holder)]).toEqual([undefined, undefined]);
    held?.release();
  }
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('an opening can claim although another machine removed its folder', () => {
  const path = claimPath();
  const other = opened();
  rmSync(other.token.path);
  const held = tryClaim(path, other);
  expect([held, tryClaim(path, other)]).toEqual([expect.anything(), undefined]);
  held?.release();
  expect(tryClaim(path, own)).toBeDefined();
});

test('a link that succeeded although its reply was lost counts as a claim of the opening that made it', () => {
  const path = claimPath();
  const held = tryClaim(path, own);
  held?.release();
  linkSync(own.token.path, path);
  const found = tryClaim(path, own);
  expect([found, tryClaim(path, own)]).toEqual([expect.anything(), undefined]);
  found?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('claim reports the owner once, and takes the claim when it is released', async () => {
  const path = claimPath();
  const first = tryClaim(path, own);
  const onWait = vi.fn(() => queueMicrotask(() => first?.release()));
  expect(await claim(path, { opening: own, signal: never, onWait })).toBeDefined();
  expect(onWait).toHaveBeenCalledTimes(1);
});

test('claim takes a free claim without reporting, and takes no claim after an abort', async () => {
  const path = claimPath();
  const onWait = vi.fn();
  expect(await claim(path, { opening: own, signal: never, onWait })).toBeDefined();
  expect(onWait).not.toHaveBeenCalled();
  const abort = new AbortController();
  const waiting = claim(path, { opening: own, signal: abort.signal, onWait: () => abort.abort() });
  expect(await waiting).toBeUndefined();
  expect(await claim(`${path}2`, { opening: own, signal: AbortSignal.abort(), onWait: nothing })).toBeUndefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test.each([
  ['a process that ended', () => JSON.stringify({ pid: deadPid(), started: '7', nonce: 'dead' })],
  [
    'an earlier process with the number of this one',
    () => JSON.stringify({ ...thisProcess(), started: '1', nonce: 'n' }),
  ],
  ['a machine that crashed before the text was on disk', () => ''],
])('the claim of %s is taken over', (_, text) => {
  const path = claimPath();
  put(path, text());
  const taken = tryClaim(path, own);
  expect(taken).toBeDefined();
  expect(tryClaim(path, own)).toBeUndefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
  taken?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a claim is taken over although a process died while it took it over', () => {
  const path = claimPath();
  const pid = deadPid();
  put(path, JSON.stringify({ pid, started: '7', nonce: 'a' }));
  put(`${path}.a`, JSON.stringify({ pid, started: '7', nonce: 'b' }));
  put(`${path}.a.b`, JSON.stringify({ pid, started: '7', nonce: 'c' }));
  expect(tryClaim(path, own)).toBeDefined();
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test('a claim is not taken over while another live process does so', () => {
  const path = claimPath();
  put(path, JSON.stringify({ pid: deadPid(), started: '7', nonce: 'a' }));
  const burial = tryClaim(`${path}.a`, own);
  expect(tryClaim(path, own)).toBeUndefined();
  burial?.release();
  expect(tryClaim(path, own)).toBeDefined();
});

/** A claim by a process of another machine that renews no lease. */
function foreign() {
  const root = temporaryFolder();
  const path = put(join(root, 'claims/key'), JSON.stringify({ opening: nameOn(node3), nonce: 'theirs' }));
  openedOn(node3, root);
  let now = 0;
  const opening = opened(watchLeases(join(root, 'tmp'), () => now));
  const intervals: PollIntervals = {
    here: 50,
    elsewhere: 500,
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
  return { root, path, opening, intervals, now: () => now };
}

test('a claim of another machine is respected while its lease is renewed, and taken over a minute later', async () => {
  const { root, path, opening, intervals, now } = foreign();
  const sleep = async (milliseconds: number) => {
    await intervals.sleep(milliseconds);
    if (now() <= 60_000 && now() % 10_000 === 0) put(join(root, 'tmp', nameOn(node3), 'lease'), String(now()));
  };
  const onWait = vi.fn();
  const taken = await claim(path, { opening, signal: never, onWait, intervals: { ...intervals, sleep } });
  expect(now()).toBe(120_000);
  expect(onWait).toHaveBeenCalledTimes(1);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ opening: opening.name });
  taken?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a burial that another machine began and did not end is taken over like a claim', async () => {
  const { path, opening, intervals, now } = foreign();
  put(`${path}.theirs`, JSON.stringify({ opening: nameOn(node3), nonce: 'burying' }));
  expect(await claim(path, { opening, signal: never, onWait: nothing, intervals })).toBeDefined();
  expect(now()).toBe(60_000);
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test('an opening waits only once for all claims of a dead process on another machine', async () => {
  const { path, opening, intervals, now } = foreign();
  put(`${path}2`, JSON.stringify({ opening: nameOn(node3), nonce: 'theirs2' }));
  await claim(path, { opening, signal: never, onWait: nothing, intervals });
  expect(await claim(`${path}2`, { opening, signal: never, onWait: nothing, intervals })).toBeDefined();
  expect(now()).toBe(60_000);
});

test('a stopped process of this machine is reported, and waited for until its lease is spent', async () => {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  const started = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[21];
  const { boot, space, name } = thisHost();
  const sleeper = `${pid}-${started}-0-${boot}-${space}-${name}`;
  const { root, path, opening, intervals, now } = foreign();
  put(join(root, 'tmp', sleeper, 'lease'), 'never renewed');
  put(path, JSON.stringify({ opening: sleeper, nonce: 'asleep' }));
  const onWait = vi.fn();
  const stop = async () => {
    child.kill('SIGSTOP');
    await expect.poll(() => processState(pid)).toBe('stopped');
  };
  const sleep = async (milliseconds: number) => {
    await intervals.sleep(milliseconds);
    if (now() === 300_000) await stop();
  };
  const taken = await claim(path, { opening, signal: never, onWait, intervals: { ...intervals, here: 500, sleep } });
  expect(now()).toBe(360_000);
  const since = expect.any(Date);
  expect(onWait.mock.calls).toEqual([
    [{ pid, host: null, since, isStopped: false }],
    [{ pid, host: null, since, isStopped: true }],
  ]);
  taken?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('a process that lost its claim while it slept does not release the claim of its successor', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const path = claimPath();
  const slept = tryClaim(path, own);
  vi.setSystemTime(Date.now() + 3600_000);
  const theirs = put(path, JSON.stringify({ opening: nameOn(node3), nonce: 'theirs' }));
  slept?.release();
  expect(readFileSync(theirs, 'utf8')).toContain('theirs');
  expect(readdirSync(join(path, '..'))).toEqual(['key']);
});

test('a claim that was held for an hour is released', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const path = claimPath();
  const held = tryClaim(path, own);
  vi.setSystemTime(Date.now() + 3600_000);
  held?.release();
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test.each(['null', '5', '{}', '{"opening":5,"nonce":"a"}', '{"opening":"1-2-3","nonce":"../../a"}'])(
  'a claim with the text %s belongs to nobody',
  (text) => {
    const path = claimPath();
    put(path, text);
    expect(tryClaim(path, own)).toBeDefined();
    expect(readdirSync(join(path, '..'))).toEqual(['key']);
  },
);

test('no two of many processes hold a claim at once, although each is killed while it holds it', async () => {
  const folder = temporaryFolder();
  // The owner makes a folder, which fails if another process has it, and is killed without releasing the claim.
  const mortal = program(`
    import { mkdirSync, rmdirSync, appendFileSync } from 'node:fs';
    import { newToken, tryClaim, writeToken } from './store/claim.ts';
    import { openingName } from './store/opening.ts';
    const [, , own, folder] = process.argv;
    mkdirSync(folder + '/' + own);
    const opening = { name: openingName(0), isSpent: () => false, token: newToken(folder + '/' + own) };
    writeToken(opening);
    while (!tryClaim(folder + '/claims/key', opening));
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
  expect(tryClaim(join(folder, 'claims/key'), own)).toBeDefined();
});

test('no two of many processes hold a claim at once, and all get their turns', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'claims'));
  const polite = program(`
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { newToken, tryClaim, writeToken } from './store/claim.ts';
    import { openingName } from './store/opening.ts';
    const [, , own, folder] = process.argv;
    mkdirSync(folder + '/' + own);
    const opening = { name: openingName(0), isSpent: () => false, token: newToken(folder + '/' + own) };
    writeToken(opening);
    for (let turn = 0; turn < 20; turn++) {
      let held;
      while (!(held = tryClaim(folder + '/claims/key', opening)));
      mkdirSync(folder + '/inside');
      rmdirSync(folder + '/inside');
      held.release();
    }
    process.stdout.write('done');
  `);
  expect(await together(3, polite, folder)).toEqual(['done', 'done', 'done']);
  expect(readdirSync(join(folder, 'claims'))).toEqual([]);
});
