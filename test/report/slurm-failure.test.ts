import { expect, test } from 'vitest';
import type { JobLost, LossReason } from '../../src/base/failure.ts';
import { jobLostText } from '../../src/report/slurm-failure.ts';

const lost = (why: LossReason, said = ''): JobLost => ({
  reason: 'job-lost',
  why,
  job: '41_3',
  node: 'n2',
  said,
  output: [],
});

test('jobLostText says how a job was lost and how to fix it', () => {
  const failures = [
    lost('timed-out'),
    lost('out-of-memory'),
    lost('node-failed'),
    lost('preempted'),
    lost('cancelled'),
    lost('held', 'launch failed requeued held'),
    lost('never-starts', 'PartitionConfig'),
    lost('vanished'),
    { ...lost('crashed', 'FAILED'), output: ['node: not found', 'bye'] },
    lost('refused', 'sbatch: error: QOSMaxSubmitJobPerUserLimit'),
    lost('no-result'),
  ];
  expect(`\n${failures.map(jobLostText).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    job 41_3 on n2 was ended at its time limit; raise resources.time of the step
    job 41_3 on n2 took more memory than it had asked for; raise resources.memory of the step
    job 41_3 on n2 was lost with its node; run again
    job 41_3 on n2 had to make room for another job; run again, or use a partition without preemption
    job 41_3 on n2 was cancelled; run again if it was not meant to be
    job 41_3 on n2 was put aside by Slurm (launch failed requeued held); run again
    job 41_3 on n2 asks for resources that the cluster does not have (PartitionConfig); lower the step's resources, or name another partition
    job 41_3 on n2 is no longer known to Slurm, and how it ended is unknown; run again
    job 41_3 on n2 ended in the middle (FAILED)
    its last output:
    node: not found
    bye
    its job could not be submitted again: sbatch: error: QOSMaxSubmitJobPerUserLimit
    job 41_3 on n2 ended well, but the store does not hold its results: an input changed meanwhile, or the node sees another folder under the store's path
    "
  `);
});
