import { expect, test } from 'vitest';
import type { VerifyStarted } from '../../src/verify/event.ts';
import { verifyStartLines } from '../../src/verify/text.ts';

const started = (more: Partial<VerifyStarted>): VerifyStarted => ({
  type: 'verify-started',
  pipeline: 'rates',
  actions: 12,
  sampled: 12,
  seed: null,
  lock: '/project/pipeline.lock',
  jobs: 2,
  network: 'denied',
  shell: 0,
  ...more,
});

test('verifyStartLines say how many actions are executed, the other side of the comparison, and its limits', () => {
  expect(verifyStartLines(started({}))).toEqual([
    'rates: executing 12 actions again, 2 at a time; compared with pipeline.lock',
  ]);
  expect(verifyStartLines(started({ actions: 1, sampled: 1, lock: null }))).toEqual([
    'rates: executing 1 action again, 2 at a time; compared with the store',
  ]);
  expect(verifyStartLines(started({ sampled: 3, seed: 'x', shell: 2 }))).toEqual([
    'rates: executing 3 of 12 actions (seed x) again, 2 at a time; compared with pipeline.lock',
    'not covered: which files the 2 shell steps may read and write',
  ]);
});
