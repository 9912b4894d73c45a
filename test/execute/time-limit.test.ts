import { expect, test, vi } from 'vitest';
import { timeLimit, whenTimeIsUp } from '../../src/execute/time-limit.ts';

const step = (timeout: number | null, time: number | null) => ({
  timeout,
  resources: { cpus: null, memory: null, time },
});

test('the time limit is the smaller of timeout and resources.time, and names which', () => {
  expect(timeLimit(step(null, null))).toBeNull();
  expect(timeLimit(step(60, null))).toEqual({ reason: 'timed-out', seconds: 60, of: 'timeout' });
  expect(timeLimit(step(null, 60))).toEqual({ reason: 'timed-out', seconds: 60, of: 'time' });
  expect(timeLimit(step(60, 90))).toEqual({ reason: 'timed-out', seconds: 60, of: 'timeout' });
  expect(timeLimit(step(90, 60))).toEqual({ reason: 'timed-out', seconds: 60, of: 'time' });
});

test('a timer fires when its time is up, but not when it was stopped or has no limit', () => {
  vi.useFakeTimers();
  try {
    const fired: string[] = [];
    whenTimeIsUp(step(60, null), ({ of }) => fired.push(`first ${of}`));
    whenTimeIsUp(step(60, 30), ({ of }) => fired.push(`second ${of}`))();
    whenTimeIsUp(step(null, null), () => fired.push('third'))();
    vi.advanceTimersByTime(59_999);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(['first timeout']);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a limit of 40 days, longer than setTimeout allows, is kept to the second', () => {
  vi.useFakeTimers();
  try {
    const days = 24 * 60 * 60;
    let isUp = false;
    whenTimeIsUp(step(null, 40 * days), () => {
      isUp = true;
    });
    vi.advanceTimersByTime((40 * days - 1) * 1000);
    expect(isUp).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(isUp).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
