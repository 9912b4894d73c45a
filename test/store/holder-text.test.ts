import { expect, test } from 'vitest';
import { holderText } from '../../src/store/holder-text.ts';

test('holderText names process, machine and time, and says if the process is stopped', () => {
  const since = new Date('2030-01-02T03:04:05.678Z');
  expect(holderText({ pid: 7, host: 'node-3', since, isStopped: false })).toBe(
    'process 7 on node-3 (since 2030-01-02T03:04:05Z)',
  );
  expect(holderText({ pid: 7, host: null, since: null, isStopped: true })).toBe(
    'process 7, which is stopped: unless it goes on, this run takes over after a minute',
  );
  expect(holderText({ pid: process.pid, host: null, since: null, isStopped: false })).toBe('this run');
});
