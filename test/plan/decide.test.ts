import { expect, test } from 'vitest';
import type { Context } from '../../src/history/cause.ts';
import { decide } from '../../src/plan/decide.ts';
import { preimage, resultWith } from '../store/temporary.ts';

const context: Context = { positions: {}, sourceOf: () => '', changedFiles: [] };
const now = preimage({ multiplier: 8 });
const result = resultWith({}, { multiplier: 8 });
const missing = { missing: true } as const;

const decided = (
  lookup: Parameters<typeof decide>[0],
  forced = false,
  previous = undefined as typeof now | undefined,
) => decide(lookup, forced, now, previous, context);

test('a result is reused, whatever ran last', () => {
  const reuse = { decision: 'reuse', result };
  expect(decided({ found: result })).toEqual(reuse);
  expect(decided({ found: result }, false, preimage({ multiplier: 7 }))).toEqual(reuse);
});

test('unless it is forced', () => {
  expect(decided({ found: result }, true)).toEqual({ decision: 'execute', why: [{ cause: 'forced' }] });
  expect(decided(missing, true, now)).toEqual({ decision: 'execute', why: [{ cause: 'forced' }] });
});

test('a result whose blob is gone: that is why, whatever else changed', () => {
  const why = [{ cause: 'result-lost', port: 'peaks' }];
  expect(decided({ lost: 'peaks' })).toEqual({ decision: 'execute', why });
  expect(decided({ lost: 'peaks' }, false, preimage())).toEqual({ decision: 'execute', why });
});

test('no result: what changed since the last run, or that there was none', () => {
  expect(decided(missing)).toEqual({ decision: 'execute', why: [{ cause: 'first-run' }] });
  expect(decided(missing, false, preimage({ multiplier: 7 }))).toEqual({
    decision: 'execute',
    why: [{ cause: 'param-changed', param: 'multiplier', from: 7, to: 8, position: null }],
  });
});

test('no result, and nothing changed: it is gone from the store', () => {
  expect(decided(missing, false, now)).toEqual({ decision: 'execute', why: [{ cause: 'result-lost', port: null }] });
});
