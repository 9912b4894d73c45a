import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { LIMITS } from '../../src/remote/limits.ts';
import { startPace } from '../../src/remote/pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

const never = new AbortController().signal;

test('a request that moves a byte in 2 s ends after its allowance', () => {
  const pace = startPace(LIMITS, never);
  for (let seconds = 0; seconds < 14; seconds += 2) {
    vi.advanceTimersByTime(2000);
    pace.moved(1);
  }
  expect(pace.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1001);
  expect(pace.signal.aborted).toBe(true);
  expect(pace.tooSlow()).toBe('7 bytes in 15.0 s');
});

test('a large download has the time that it takes at the least speed, and no more', () => {
  const pace = startPace(LIMITS, never);
  for (let seconds = 0; seconds < 1000; seconds++) {
    vi.advanceTimersByTime(1000);
    pace.moved(LIMITS.leastBytesPerSecond);
  }
  expect(pace.signal.aborted).toBe(false);
  vi.advanceTimersByTime(15_001);
  expect(pace.tooSlow()).toMatch(/^16000000 bytes in 1015.0 s$/);
});

test('a finished request does not end again, and an interrupted request does not count as slow', () => {
  const interrupt = new AbortController();
  const [ended, interrupted] = [startPace(LIMITS, never), startPace(LIMITS, interrupt.signal)];
  ended.end();
  interrupt.abort();
  expect(interrupted.signal.aborted).toBe(true);
  expect(interrupted.tooSlow()).toBeUndefined();
  interrupted.end();
  vi.advanceTimersByTime(1e6);
  expect(ended.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
