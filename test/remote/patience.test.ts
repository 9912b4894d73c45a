import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { startPatience } from '../../src/remote/patience.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

const patient = () => {
  const spent = vi.fn();
  return { spent, patience: startPatience(30_000, spent) };
};

test('a cache that gives nothing is waited for 30 s in all, however many actions wait at once', () => {
  const { spent, patience } = patient();
  for (let i = 0; i < 10; i++) {
    const waiting = [patience.begin(), patience.begin()];
    vi.advanceTimersByTime(2900);
    for (const one of waiting) one.end(0);
    // Nobody waits meanwhile.
    vi.advanceTimersByTime(60_000);
  }
  expect(spent).not.toHaveBeenCalled();
  patience.begin();
  vi.advanceTimersByTime(999);
  expect(spent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(spent).toHaveBeenCalledExactlyOnceWith(30_000, 0);
  patience.begin();
  vi.advanceTimersByTime(1e6);
  expect(spent).toHaveBeenCalledOnce();
});

test('what the cache gave is worth as long a wait as it took to make, and what was made without it a tenth', () => {
  const { spent, patience } = patient();
  const first = patience.begin();
  vi.advanceTimersByTime(29_000);
  first.end(20_000);
  patience.made(50_000);
  patience.begin();
  vi.advanceTimersByTime(25_999);
  expect(spent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(spent).toHaveBeenCalledExactlyOnceWith(55_000, 20_000);
});

test('what is coming is worth a wait only until it is given up', () => {
  const { spent, patience } = patient();
  const waiting = patience.begin();
  waiting.expect(100_000);
  vi.advanceTimersByTime(129_999);
  expect(spent).not.toHaveBeenCalled();
  waiting.end(0);
  patience.begin();
  expect(spent).toHaveBeenCalledExactlyOnceWith(129_999, 0);
});
