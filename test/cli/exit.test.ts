import { expect, test } from 'vitest';
import { exitCodeFor, exitCodeOf } from '../../src/cli/exit.ts';
import type { RunFinished } from '../../src/history/event.ts';

test('a mistake in the command line or the pipeline exits with 2, a run that could not be done with 1', () => {
  expect(exitCodeFor({ reason: 'usage', message: '' })).toBe(2);
  expect(exitCodeFor({ reason: 'pipeline-missing', path: 'pipeline.yaml' })).toBe(2);
  expect(exitCodeFor({ reason: 'store-in-use', path: 'cache', processes: [] })).toBe(1);
  expect(exitCodeFor({ reason: 'file-system', code: 'ENOSPC', message: '' })).toBe(1);
  expect(exitCodeFor({ reason: 'interrupted', waitedFor: 'out' })).toBe(130);
});

test('a finished run exits with 1 if an action failed or was blocked, and with 130 if it was interrupted', () => {
  const codeOf = (counts: Partial<RunFinished>) =>
    exitCodeOf({ failed: 0, blocked: 0, interrupted: false, ...counts } as RunFinished);
  expect([codeOf({}), codeOf({ failed: 1 }), codeOf({ blocked: 2 })]).toEqual([0, 1, 1]);
  expect(codeOf({ failed: 1, interrupted: true })).toBe(130);
});
