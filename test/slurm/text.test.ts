import colors from 'picocolors';
import { expect, test } from 'vitest';
import type { SubmissionStatus } from '../../src/slurm/status.ts';
import { statusLines } from '../../src/slurm/text.ts';
import { name } from '../report/events.ts';

const none = { done: 0, running: 0, waiting: 0, failed: 0, blocked: 0 };
const underway: SubmissionStatus = {
  type: 'submission-status',
  submission: '3f730ff0-c744af',
  began: '2026-11-22T19:39:27.422Z',
  steps: [
    { step: 'detect', ...none, done: 3, running: 2, failed: 1, waiting: 6 },
    { step: 'summary', ...none, waiting: 1 },
  ],
  jobs: [
    { job: '41', running: 2, waiting: 6, nodes: ['n1', 'n2'], since: '2026-11-22T20:39:28', reasons: ['Resources'] },
    { job: '42', running: 0, waiting: 1, nodes: [], since: null, reasons: ['Dependency'] },
  ],
  failures: [{ action: name('detect@b'), failure: { reason: 'data', message: 'no peak is above the threshold' } }],
};

test('statusLines has a line for each step and job, and the failures', () => {
  const ended: SubmissionStatus = {
    ...underway,
    submission: '3f730ff0-000000',
    steps: [{ step: 'detect', ...none, done: 1, blocked: 1 }],
    jobs: [],
    failures: [],
  };
  expect(`\n${statusLines([underway, ended], colors.createColors(false)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    3f730ff0-c744af  submitted 2026-11-22 19:39:27 UTC
      detect   3 done, 2 running, 6 waiting, 1 failed
      summary  1 waiting
      job 41: 2 tasks on n1, n2 since 2026-11-22 20:39:28, 6 waiting (Resources)
      job 42: 1 waiting (Dependency)
    failed detect@b
      no peak is above the threshold
    3f730ff0-000000  submitted 2026-11-22 19:39:27 UTC
      detect  1 done, 1 blocked
      none of its jobs waits or runs any more
    "
  `);
});
