import { expect, test } from 'vitest';
import type { CauseContext } from '../../src/history/cause.ts';
import { type DecisionFacts, decide } from '../../src/plan/decide.ts';
import { preimage, resultWith } from '../store/temporary.ts';

const context: CauseContext = { positions: {}, sourceOf: () => '', changedFiles: [] };
const now = preimage({ multiplier: 8 });
const result = resultWith({}, { multiplier: 8 });
const missing = { missing: true } as const;

const decided = (lookup: DecisionFacts['lookup'], { forced = false, previous }: Partial<DecisionFacts> = {}) =>
  decide({ lookup, forced, preimage: now, previous, context });

test('reuses a result even if the last run had another key', () => {
  const reuse = { decision: 'reuse', result };
  expect(decided({ found: result })).toEqual(reuse);
  expect(decided({ found: result }, { previous: preimage({ multiplier: 7 }) })).toEqual(reuse);
});

test('executes a forced action even if it has a result', () => {
  expect(decided({ found: result }, { forced: true })).toEqual({ decision: 'execute', why: [{ cause: 'forced' }] });
  expect(decided(missing, { forced: true, previous: now })).toEqual({
    decision: 'execute',
    why: [{ cause: 'forced' }],
  });
});

test('gives a lost blob as the cause before any other change', () => {
  const why = [{ cause: 'result-lost', port: 'peaks' }];
  expect(decided({ lost: 'peaks' })).toEqual({ decision: 'execute', why });
  expect(decided({ lost: 'peaks' }, { previous: preimage() })).toEqual({ decision: 'execute', why });
});

test('executes without a result because of the changes since the last run, or as the first run', () => {
  expect(decided(missing)).toEqual({ decision: 'execute', why: [{ cause: 'first-run' }] });
  expect(decided(missing, { previous: preimage({ multiplier: 7 }) })).toEqual({
    decision: 'execute',
    why: [{ cause: 'param-changed', param: 'multiplier', from: 7, to: 8, position: null }],
  });
});

test('gives a lost result as the cause if nothing changed since the last run', () => {
  expect(decided(missing, { previous: now })).toEqual({
    decision: 'execute',
    why: [{ cause: 'result-lost', port: null }],
  });
});
