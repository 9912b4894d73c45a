import { expect, test, vi } from 'vitest';
import { timeLimit, whenTimeIsUp } from '../../src/run/time-limit.ts';

const step = (timeout: number | null, time: number | null) => ({
  timeout,
  resources: { cpus: null, memory: null, time },
});

test('the smaller of the timeout and the time of the resources, by its name', () => {
  expect(timeLimit(step(null, null))).toBeNull();
  expect(timeLimit(step(60, null))).toEqual({ reason: 'timed-out', seconds: 60, of: 'timeout' });
  expect(timeLimit(step(null, 60))).toEqual({ reason: 'timed-out', seconds: 60, of: 'time' });
  expect(timeLimit(step(60, 90))).toEqual({ reason: 'timed-out', seconds: 60, of: 'timeout' });
  expect(timeLimit(step(90, 60))).toEqual({ reason: 'timed-out', seconds: 60, of: 'time' });
});

test('is told when it is up, and not when it was stopped, had no limit or one longer than timers take', () => {
  vi.useFakeTimers();
  try {
    const told: string[] = [];
    whenTimeIsUp(step(60, null), ({ of }) => told.push(`first ${of}`));
    whenTimeIsUp(step(60, 30), ({ of }) => told.push(`second ${of}`))();
    whenTimeIsUp(step(null, null), () => told.push('third'))();
    const stop = whenTimeIsUp(step(null, 1e9), () => told.push('fourth'));
    vi.advanceTimersByTime(59_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['first timeout']);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
