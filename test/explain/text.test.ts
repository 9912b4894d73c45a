import colors from 'picocolors';
import { expect, test } from 'vitest';
import type { Explanation, Origin, Reason } from '../../src/explain/explain.ts';
import { explainLines } from '../../src/explain/text.ts';
import { digestOf } from '../../src/files/digest.ts';
import type { Cause } from '../../src/history/cause.ts';
import { changed } from '../history/remembered.ts';
import { name } from '../report/events.ts';

const reason = (cause: Cause, origin: Origin | null = null, alike: string[] = []): Reason => ({ cause, alike, origin });
const origin = (action: string, reasons: Reason[], more: Partial<Origin> = {}): Origin => ({
  action,
  outcome: 'executed',
  before: 'executed',
  reasons,
  as: null,
  failure: null,
  by: [],
  made: null,
  ...more,
});
const level: Cause = { cause: 'param-changed', param: 'level', from: 8, to: 7.5, position: 'pipeline.yaml:31' };
const made = { action: 'judge@x', started: '2026-11-01T10:00:00.000Z', milliseconds: 1500 };

const explanation = (more: Partial<Explanation>): Explanation => ({
  action: 'judge@a',
  run: 'r2',
  began: '2026-11-22T13:35:12.941Z',
  outcome: 'executed',
  since: { run: 'r1', began: '2026-11-21T13:35:12.941Z' },
  reasons: [],
  failure: null,
  by: [],
  made: null,
  ...more,
});

const shown = (more: Partial<Explanation> | null, notIn: string | null = null): string =>
  `\n${explainLines({ action: 'judge@a', explanation: more && explanation(more), notIn }, colors.createColors(false)).join('\n')}\n`;

test('explainLines show the causes of an execution, and below a changed input the causes of its change', () => {
  const detect = origin('detect@a', [reason(level)]);
  const failure = { reason: 'data', message: 'no peaks\nat all' } as const;
  const reasons = [
    reason(changed('peaks', 'detect@a'), detect, ['detect@b', 'detect@c']),
    reason(changed('noise', 'detect@a'), origin('detect@a', [], { as: 'detect@a' })),
    reason(changed('noise', 'detect@d'), origin('detect@d', [], { as: 'detect@a' })),
    reason(changed('limits', 'data/limits.csv')),
    reason(changed('trace', 'unzip@a'), origin('unzip@a', [reason(level)], { outcome: 'reused', made })),
    reason({ ...changed('info', 'info@a'), to: null } as Cause, origin('info@a', [], { outcome: 'failed', failure })),
    reason(changed('sites', 'sites@a'), origin('sites@a', [])),
    reason({ ...changed('new', 'new@a'), from: null } as Cause, origin('new@a', [], { before: 'blocked' })),
    reason({ ...changed('all', 'all@b'), from: null } as Cause, origin('all@b', [], { before: null })),
  ];
  expect(shown({ reasons })).toMatchInlineSnapshot(`
    "
    judge@a was executed in run r2 (2026-11-22 13:35:12 UTC), because
      input peaks changed <- detect@a and 2 more, for the same reasons
        params.level 8 -> 7.5 (pipeline.yaml:31)
      input noise changed <- detect@a (as above)
      input noise changed <- detect@d (as detect@a above)
      input limits changed <- data/limits.csv (digest 6b86b273 -> d4735e3a)
      input trace changed <- unzip@a (reused, made 2026-11-01 10:00:00 UTC by judge@x)
        params.level 8 -> 7.5 (pipeline.yaml:31)
      input info is gone <- info@a (failed: no peaks)
      input sites changed <- sites@a (made again from the same, with another result)
      input new is new <- new@a (had no result before)
      input all is new <- all@b (was no part of that run)
    "
  `);
});

test('explainLines show the run that a reused result was compared with, and when the result was made', () => {
  expect(shown({ outcome: 'reused', made })).toMatchInlineSnapshot(`
    "
    judge@a was reused in run r2 (2026-11-22 13:35:12 UTC)
      nothing changed since run r1 (2026-11-21 13:35:12 UTC)
      its result was made 2026-11-01 10:00:00 UTC by judge@x, in 1.5 s
    "
  `);
  expect(shown({ outcome: 'reused', made, reasons: [reason(level)] })).toMatchInlineSnapshot(`
    "
    judge@a was reused in run r2 (2026-11-22 13:35:12 UTC)
      the store had an earlier result of the same key
      its result was made 2026-11-01 10:00:00 UTC by judge@x, in 1.5 s
      what differs from run r1 (2026-11-21 13:35:12 UTC):
        params.level 8 -> 7.5 (pipeline.yaml:31)
    "
  `);
  expect(shown({ outcome: 'reused', made, since: null })).toMatchInlineSnapshot(`
    "
    judge@a was reused in run r2 (2026-11-22 13:35:12 UTC)
      no earlier run of it is recorded, but the store had a result of the same key
      its result was made 2026-11-01 10:00:00 UTC by judge@x, in 1.5 s
    "
  `);
});

test('explainLines tell failed, blocked, cancelled, earlier and never executed actions apart', () => {
  const failure = { reason: 'data', message: 'no peaks' } as const;
  expect(shown({ outcome: 'failed', failure, reasons: [reason(level)] })).toMatchInlineSnapshot(`
    "
    judge@a failed in run r2 (2026-11-22 13:35:12 UTC): no peaks
    it was to be executed because
      params.level 8 -> 7.5 (pipeline.yaml:31)
    "
  `);
  expect(shown({ outcome: 'blocked', by: [name('detect@a')] }, 'r3')).toMatchInlineSnapshot(`
    "
    judge@a was no part of the last run, r3
    judge@a did not run in run r2 (2026-11-22 13:35:12 UTC): it waits for detect@a, which failed
    "
  `);
  expect(shown({ outcome: 'cancelled' })).toMatchInlineSnapshot(`
    "
    judge@a did not run in run r2 (2026-11-22 13:35:12 UTC), or not to its end: the run was interrupted or stopped at a failure
    "
  `);
  expect(shown(null)).toMatchInlineSnapshot(`
    "
    judge@a has never run; groundproof plan judge@a says what a run would do
    "
  `);
});

test('explainLines cut the causes of a gathered input that changed in a thousand ways', () => {
  const reasons = Array.from({ length: 1000 }, (_, i) =>
    reason({ ...changed('all', `data/${i}`), from: digestOf(String(i)) } as Cause),
  );
  const lines = shown({ reasons }).trimEnd().split('\n');
  expect(lines.length).toBeLessThan(30);
  expect(lines.at(-1)).toBe('  and 980 more (all with --format json)');
});
