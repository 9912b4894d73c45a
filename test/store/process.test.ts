import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, thisProcess } from '../../src/store/process.ts';

const hasProc = existsSync('/proc/self/stat');

test('isAlive returns true for this process', () => {
  expect(thisProcess().pid).toBe(process.pid);
  expect(isAlive(thisProcess())).toBe(true);
  expect(isAlive({ pid: process.pid, started: '' })).toBe(true);
});

test('isAlive returns false for a process that ended', () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  expect(isAlive({ pid, started: '' })).toBe(false);
  expect(isAlive({ pid, started: '12345' })).toBe(false);
});

test.runIf(hasProc)('isAlive tells a later process with the same number apart', () => {
  expect(isAlive({ pid: process.pid, started: '1' })).toBe(false);
});

test('isAlive returns false for invalid process numbers', () => {
  for (const pid of [Number.NaN, 2 ** 40]) expect(isAlive({ pid, started: '' })).toBe(false);
});

test.runIf(hasProc)('isAlive returns false for a zombie', async () => {
  // The child ends after the shell has become a program that never asks how its children ended.
  const parent = spawn('sh', ['-c', 'read line <&3 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [chunk] = await once(parent.stdout as Readable, 'data');
  const pid = Number(String(chunk));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while (readFileSync(`/proc/${parent.pid}/comm`, 'latin1') !== 'sleep\n') await turn();
  (parent.stdio[3] as Writable).end();
  const stat = () => readFileSync(`/proc/${pid}/stat`, 'latin1');
  while (!stat().includes(') Z ')) await turn();
  expect(process.kill(pid, 0)).toBe(true);
  expect(isAlive({ pid, started: '' })).toBe(false);
  expect(isAlive({ pid, started: stat().split(' ')[21] ?? '' })).toBe(false);
});
