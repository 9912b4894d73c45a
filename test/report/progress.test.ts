import { describe, expect, test } from 'vitest';
import type { Event, RunStarted } from '../../src/history/event.ts';
import { trackProgress } from '../../src/report/progress.ts';
import { begun, blocked, cancelled, executed, failed, name, reused, started } from './events.ts';

function told(...events: Event[]) {
  const progress = trackProgress();
  for (const event of events) progress.update(event);
  return progress;
}

const known = (steps: { readonly [step: string]: readonly [actions: number, seconds: number | null] }): RunStarted =>
  started({}, { steps: Object.entries(steps).map(([step, [actions, seconds]]) => ({ step, actions, seconds })) });

const fraction = (action: string, share: number): Event => ({
  type: 'action-progress',
  action: name(action),
  fraction: share,
});

test('trackProgress counts actions by step, and the running actions with their fractions', () => {
  const [detect, summary] = told(
    started({ detect: 6, summary: 1 }),
    reused('detect@a'),
    begun('detect@b'),
    begun('detect@c'),
    fraction('detect@b', 0.5),
    fraction('detect@c', 0.25),
    begun('detect@d'),
    executed('detect@d'),
    begun('detect@e'),
    failed('detect@e', 'no'),
    cancelled('detect@f'),
    blocked('summary', 'detect@e'),
  ).steps();
  expect(detect).toEqual({
    step: 'detect',
    actions: 6,
    done: 3,
    executed: 1,
    reused: 1,
    failed: 1,
    blocked: 0,
    partly: 0.75,
    running: ['b', 'c'],
  });
  expect(summary).toMatchObject({ done: 1, blocked: 1, running: [] });
});

test('trackProgress names a running step without recordings by the step', () => {
  expect(told(started({ summary: 1 }), begun('summary')).steps()[0]?.running).toEqual(['summary']);
});

test('trackProgress ignores actions of other runs', () => {
  expect(told(started({ a: 1 }), begun('b'), executed('b')).steps()).toEqual(told(started({ a: 1 })).steps());
});

describe('secondsLeft', () => {
  test('is null without earlier durations', () => {
    expect(told(known({ a: [4, null] }), begun('a@1')).secondsLeft()).toBeNull();
    expect(told(known({ a: [1, 5], b: [1, null] }), begun('a@1')).secondsLeft()).toBeNull();
  });

  test('divides the remaining durations of the last run by the jobs', () => {
    const begin = [known({ a: [4, 10] }), begun('a@1'), begun('a@2')];
    expect(told(...begin).secondsLeft()).toBe(20);
    expect(told(...begin, fraction('a@1', 0.5)).secondsLeft()).toBe(17.5);
    expect(told(...begin, executed('a@1', 9000), executed('a@2', 11_000)).secondsLeft()).toBe(10);
  });

  test('does not divide a single action among jobs', () => {
    expect(told(known({ a: [1, 10] }), begun('a')).secondsLeft()).toBe(10);
    expect(told(known({ a: [3, 10] }), executed('a@1', 10_000), reused('a@2'), begun('a@3')).secondsLeft()).toBe(10);
  });

  test('uses the first finished action if there was no last run', () => {
    expect(told(known({ a: [3, null] }), begun('a@1'), executed('a@1', 4000)).secondsLeft()).toBe(4);
  });

  test('leaves out steps that were only reused so far', () => {
    const begin = [known({ a: [4, 10], b: [2, 30] }), reused('a@1')];
    expect(told(...begin).secondsLeft()).toBeNull();
    expect(told(...begin, begun('b@1')).secondsLeft()).toBe(30);
  });

  test('includes the steps after an executed step until they turn out to be reused', () => {
    const begin = [known({ a: [3, 2], b: [3, 10] }), begun('a@1')];
    expect(told(...begin).secondsLeft()).toBe(18);
    expect(told(...begin, executed('a@1', 2000), reused('b@1')).secondsLeft()).toBe(2);
  });

  test('prefers durations of this run over those of the last', () => {
    expect(told(known({ a: [5, 10] }), executed('a@1', 1000), executed('a@2', 3000)).secondsLeft()).toBe(3);
  });

  test('estimates a first run whose last steps are unknown', () => {
    const begin = [known({ a: [4, null], all: [1, null] }), begun('a@1')];
    expect(told(...begin).secondsLeft()).toBeNull();
    expect(told(...begin, executed('a@1', 4000)).secondsLeft()).toBe(6);
  });

  test('is null at the end', () => {
    expect(told(known({ a: [1, 10] }), begun('a'), executed('a')).secondsLeft()).toBeNull();
  });
});
