import colors from 'picocolors';
import { expect, test } from 'vitest';
import type { Event } from '../../src/history/event.ts';
import { plainReporter } from '../../src/report/plain.ts';
import { eventful, executed, finished, headline, name, reused, started } from './events.ts';
import { pipe } from './screen.ts';

function told(events: readonly Event[]) {
  const [stdout, stderr] = [pipe(), pipe()];
  const paint = colors.createColors(false);
  const look = { paint, paintOut: paint, reproduce: (action: string) => `groundproof run ${action}` };
  const { report, close } = plainReporter({ stdout: stdout.stream, stderr: stderr.stream }, look);
  events.forEach(report);
  close();
  return { stdout: stdout.text(), stderr: stderr.text() };
}

test('plainReporter prints a line per ended action, the table on stdout, failures again at the end', () => {
  const { stdout, stderr } = told(eventful);
  expect(`\n${stderr}`).toMatchInlineSnapshot(`
    "
    ground-truth: 7 actions, 2 at a time
    warning  unzip@a: no triggers
    warning  unzip@c: no triggers either
    executed unzip@c  1.5 s  (it has not run before)
    failed detect@b
      reading
      warning: the trace is short
      no peak is above the threshold: 0 of 12000 samples
    executed detect@a  340 ms  (it has not run before)
    failed detect@b: no peak is above the threshold: 0 of 12000 samples
      reproduce with: groundproof run detect@b
    1 action waits for it: summary
    2 executed, 2 reused, 1 failed, 1 blocked, 1 not started or stopped in 1 min 05 s; results in out
    "
  `);
  expect(`\n${stdout}`).toMatchInlineSnapshot(`
    "
    recording        verdict  reason
    20160415_patch2  accept   all criteria are met
    20160426_patch3  reject   12 % of the spikes are missed, at most 5 % may be: the amplitudes reach down to the threshold
    "
  `);
});

test('plainReporter prints two lines and the table if there is nothing to do', () => {
  const { stdout, stderr } = told([
    started({ detect: 2 }),
    reused('detect@a'),
    reused('detect@b'),
    finished({ reused: 2, milliseconds: 3, headline }),
  ]);
  expect(stderr).toBe('ground-truth: 2 actions, 2 at a time\n0 executed, 2 reused in 3 ms; results in out\n');
  expect(stdout.split('\n')).toHaveLength(4);
});

test('plainReporter names the actions that are not selected', () => {
  const { stderr } = told([started({ detect: 1 }, { notSelected: [name('judge@a'), name('summary')] })]);
  expect(stderr).toBe('ground-truth: 1 action, 2 at a time\n2 actions not selected: judge@a, summary\n');
});

test('plainReporter says that an interrupted run can continue', () => {
  const { stdout, stderr } = told([
    started({ a: 2 }),
    executed('a@x'),
    finished({ executed: 1, cancelled: 1, interrupted: true }),
  ]);
  expect(stderr.split('\n').slice(-3, -1)).toEqual([
    'interrupted; the next run continues here',
    '1 executed, 0 reused, 1 not started or stopped in 1 min 05 s; results in out',
  ]);
  expect(stdout).toBe('');
});

test('plainReporter reports troubles, uploads and counts of the remote cache', () => {
  const { stderr } = told([
    started({ unzip: 3 }),
    { type: 'remote-trouble', url: 'https://cache', message: 'it answers 500\u001b[2J' },
    { type: 'remote-upload', results: 2, bytes: 12_000_000, seconds: 107 },
    finished({ executed: 1, reused: 2, remote: { taken: 2, stored: 1, bytesDown: 3_100_000_000, bytesUp: 40_000 } }),
  ]);
  expect(`\n${stderr}`).toMatchInlineSnapshot(`
    "
    ground-truth: 3 actions, 2 at a time
    warning  the remote cache https://cache: it answers 500
    sending 2 results to the remote cache (12.0 MB and 1 min 47 s at most)
    1 executed, 2 reused in 1 min 05 s; 2 taken from the remote cache (3.1 GB); 1 stored in the remote cache (40.0 kB); results in out
    "
  `);
});

test('plainReporter names the jobs and warnings of a cluster', () => {
  const jobs = [
    { job: '41', tasks: 12 },
    { job: '42', tasks: 1 },
  ];
  const { stderr } = told([
    started({ detect: 12, summary: 1 }, { on: 'slurm', jobs: 13 }),
    { type: 'jobs-submitted', submission: 'ab-cd', jobs },
    { type: 'jobs-joined', submission: 'ab-cd', jobs: [{ job: '41', tasks: 3 }] },
    { type: 'cluster-warning', message: 'Slurm does not answer' },
  ]);
  expect(`\n${stderr}`).toMatchInlineSnapshot(`
    "
    ground-truth: 13 actions, on Slurm
    submitted jobs 41 (12 tasks), 42 (1 task)
    joined job 41 (3 tasks) of another run
    warning  Slurm does not answer
    "
  `);
});

test('plainReporter counts a single action in the singular', () => {
  expect(told([started({ detect: 1 })]).stderr).toBe('ground-truth: 1 action, 2 at a time\n');
});
