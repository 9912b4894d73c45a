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

test('a run waits 30 s in all for a cache that gives nothing, even if several actions wait at once', () => {
  const { spent, patience } = patient();
  for (let i = 0; i < 10; i++) {
    const waiting = [patience.begin(), patience.begin()];
    vi.advanceTimersByTime(2900);
    for (const wait of waiting) wait.end(0);
    // No action waits meanwhile.
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

test('a result from the cache is worth its execution time, and an execution without it a tenth of that', () => {
  const { spent, patience } = patient();
  const first = patience.begin();
  vi.advanceTimersByTime(29_000);
  first.end(20_000);
  patience.executed(50_000);
  patience.begin();
  vi.advanceTimersByTime(25_999);
  expect(spent).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(spent).toHaveBeenCalledExactlyOnceWith(55_000, 20_000);
});

test('a result that is coming is worth a wait until it is given up', () => {
  const { spent, patience } = patient();
  const waiting = patience.begin();
  waiting.expect(100_000);
  vi.advanceTimersByTime(129_999);
  expect(spent).not.toHaveBeenCalled();
  waiting.end(0);
  patience.begin();
  expect(spent).toHaveBeenCalledExactlyOnceWith(129_999, 0);
});
