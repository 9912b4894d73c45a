import colors from 'picocolors';
import { expect, test } from 'vitest';
import { type ActionFailure, fileSystemFailure, type LossReason, type RunFailure } from '../../src/base/failure.ts';
import { actionFailureText, runFailureText } from '../../src/report/failure.ts';

const plain = colors.createColors(false);

const diskFull = { reason: 'file-system', code: 'ENOSPC', message: 'ENOSPC: no space left on device, write' } as const;

const actionFailures: ActionFailure[] = [
  { reason: 'data', message: 'the header has 3 lines, 5 were expected' },
  {
    reason: 'threw',
    message: 'x is not a function',
    stack: 'TypeError: x is not a function\n    at run (detect.ts:3:1)',
  },
  { reason: 'threw', message: 'a text was thrown', stack: null },
  { reason: 'output-missing', port: 'peaks' },
  { reason: 'output-invalid', port: 'peaks', message: 'column at should be int64 and is float64' },
  { reason: 'input-missing', port: 'archive', path: 'data/a.tar.gz' },
  { reason: 'input-changed', port: 'archive', path: 'data/a.tar.gz', of: null },
  { reason: 'input-changed', port: 'reference', path: 'genome/ref.fa.fai', of: 'unpack@a' },
  { reason: 'input-damaged', port: 'reference', path: 'genome/ref.fa.fai', of: 'unpack@a' },
  { reason: 'input-unsettled', port: 'archive', path: 'data/a.tar.gz' },
  { reason: 'input-kind', port: 'archive', path: 'data', expected: 'file' },
  { reason: 'shell', exitCode: 127, signal: null },
  { reason: 'shell', exitCode: null, signal: 'SIGSEGV' },
  { reason: 'timed-out', seconds: 60, of: 'timeout' },
  { reason: 'timed-out', seconds: 1800, of: 'time' },
  { reason: 'worker-died', message: 'it ran out of memory' },
  diskFull,
];

const lost = (why: LossReason, said = ''): ActionFailure => ({
  reason: 'job-lost',
  why,
  job: '41_3',
  node: 'n2',
  said,
  output: [],
});

const runFailures: RunFailure[] = [
  { reason: 'usage', message: '--each takes recording=a,b' },
  { reason: 'usage', message: 'there is no profile zenod', hint: 'did you mean zenodo?' },
  { reason: 'pipeline-missing', path: '/project/pipeline.yaml' },
  { reason: 'pipeline-folder', path: '/project/runs.yaml' },
  { reason: 'pipeline-too-large', path: '/project/pipeline.yaml', bytes: 52_000_000, most: 16_000_000 },
  {
    reason: 'pipeline-invalid',
    diagnostics: [
      { range: { source: { name: 'pipeline.yaml', text: 'nane: x' }, start: 0, end: 4 }, message: "'nane' is unknown" },
    ],
  },
  { reason: 'target-unknown', targets: [{ name: 'detct', nearest: 'detect' }, { name: 'zzz' }] },
  { reason: 'out-refused', path: '/home/me' },
  { reason: 'earlier-name', of: 'store', path: '/project/cache' },
  { reason: 'earlier-name', of: 'out', path: '/project/out' },
  { reason: 'out-in-the-way', paths: ['/project/out/detect/a/peaks.arrow'] },
  { reason: 'out-in-the-way', paths: ['/project/out/detect/a/peaks.arrow', '/project/out/summary'] },
  { reason: 'out-of-another', out: '/project/out', pipeline: '../other.yaml', actions: ['detect@a', 'summary'] },
  { reason: 'interrupted', waitedFor: '/project/out' },
  { reason: 'store-newer', path: '/project/cache', found: '2', known: '1' },
  { reason: 'store-refused', path: '/home/me' },
  { reason: 'store-in-use', path: '/shared/cache', processes: [] },
  {
    reason: 'store-in-use',
    path: '/shared/cache',
    processes: [
      { pid: 12, host: null },
      { pid: 7, host: 'node3' },
      { pid: 13, host: null },
    ],
  },
  { reason: 'submission-missing', path: '/store/submissions/ab' },
  { reason: 'submission-of-another-build', path: '/store/submissions/ab' },
  { reason: 'slurm-missing', command: 'sbatch' },
  { reason: 'slurm-refused', command: 'sbatch', options: ['--array=0-3'], message: 'sbatch: error: invalid partition' },
  diskFull,
];

test('what went wrong with an action, and what to do', () => {
  expect(`\n${actionFailures.map(actionFailureText).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    the header has 3 lines, 5 were expected
    the task failed with an error that it did not expect: TypeError: x is not a function
        at run (detect.ts:3:1)
    the task failed with an error that it did not expect: a text was thrown
    the task ended without writing its output peaks; write it, or declare it optional
    the task's output peaks is not what it declared: column at should be int64 and is float64
    input archive: there is no file data/a.tar.gz
    input archive: data/a.tar.gz was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy
    input reference: genome/ref.fa.fai of unpack@a was changed or removed in the store while this step ran, by it or by something beside it; nothing made from it was kept. A step that changes an input has to copy it first. The next run makes unpack@a again
    input reference: genome/ref.fa.fai of unpack@a was changed or removed in the store, so this step was not started. Run again, which makes unpack@a again
    input archive: data/a.tar.gz is still being written; wait until it is complete, then run again
    input archive: data should be a file and is a folder
    the command ended with exit code 127: a program was not found on the PATH
    the command was ended by SIGSEGV: it reached for memory that it may not; that is a bug in the program
    it took longer than its timeout of 60 s; if it needs that long, raise the step's timeout
    it took longer than its resources.time of 1800 s; if it needs that long, raise the step's resources.time
    the task's thread ended before the task did: it ran out of memory
    the disk is full; free space and run again: what is done is kept (ENOSPC: no space left on device, write)
    "
  `);
});

test('what became of a job, and what to do', () => {
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
  expect(`\n${failures.map(actionFailureText).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    job 41_3 on n2 was ended at its time limit; raise resources.time of the step
    job 41_3 on n2 took more memory than it had asked for; raise resources.memory of the step
    job 41_3 on n2 was lost with its node; run again
    job 41_3 on n2 had to make room for another job; run again, or use a partition without preemption
    job 41_3 on n2 was cancelled; run again if it was not meant to be
    job 41_3 on n2 was put aside by Slurm (launch failed requeued held); run again
    job 41_3 on n2 asks for what the cluster does not give (PartitionConfig); lower the step's resources, or name another partition
    job 41_3 on n2 is no longer known to Slurm, and said nothing of its end; run again
    job 41_3 on n2 ended in the middle (FAILED)
    its last output:
    node: not found
    bye
    its job could not be submitted again: sbatch: error: QOSMaxSubmitJobPerUserLimit
    job 41_3 on n2 ended well, and the store does not hold what it made: an input changed meanwhile, or the node sees another folder under the store's path
    "
  `);
});

test('why nothing could be run, and what to do', () => {
  expect(`\n${runFailures.map((failure) => runFailureText(failure, plain)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    --each takes recording=a,b
    there is no profile zenod
    did you mean zenodo?
    there is no pipeline /project/pipeline.yaml; name one: groundproof run path/to/pipeline.yaml
    /project/runs.yaml is a folder; name the pipeline in it: groundproof run path/to/pipeline.yaml
    /project/pipeline.yaml has 52.0 MB, and a pipeline has 16.0 MB at most; keep data in files of their own, and name those in it
    pipeline.yaml:1:1: 'nane' is unknown
        nane: x
        ~~~~

    1 mistake
    there is no step or action detct; did you mean detect?
    there is no step or action zzz; groundproof graph shows what there is
    /home/me is no out folder of groundproof and not empty, so nothing was touched; give an empty or new folder with --out
    /project/cache is a store of groundwork, as groundproof was called before. Its results were made under the earlier name and are not reused: remove the folder, or give another one with --store
    /project/out was written by groundwork, as groundproof was called before. It holds copies of results: move the folder away or remove it, and run again
    /project/out/detect/a/peaks.arrow was not written by groundproof and stands where a result should go; move it away and run again
    these were not written by groundproof and stand where results should go; move them away and run again:
      /project/out/detect/a/peaks.arrow
      /project/out/summary
    /project/out shows detect@a and 1 more of another pipeline, /project/other.yaml, so nothing was touched; show this one elsewhere with --out, or rename the steps
    interrupted while waiting for /project/out; nothing was done
    the store /project/cache has format 2, this groundproof knows 1: update groundproof, or use another store with --store
    /home/me is no store and not empty, so nothing was touched; give an empty or new folder with --store
    the store /shared/cache is in use by another gc; nothing was removed, try again when that has ended
    the store /shared/cache is in use by processes 12, 13 and process 7 on node3; nothing was removed, try again when that has ended. One that died on another machine counts for a day, or until its folder in /shared/cache/tmp is removed
    there is no submission /store/submissions/ab, or it is damaged; does this machine see the store under the same path?
    /store/submissions/ab was submitted by another build of groundproof; run again, which submits anew
    there is no sbatch on the PATH; run this where jobs can be submitted to Slurm, or on this machine with --on local
    Slurm refused: sbatch: error: invalid partition
    sbatch --array=0-3
    the disk is full; free space and run again: what is done is kept (ENOSPC: no space left on device, write)
    "
  `);
});

test('what the system refused, and what to do', () => {
  const codes = ['EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE', 'EIO', 'EFBIG', 'ENAMETOOLONG'];
  const text = (code: string) => actionFailureText({ reason: 'file-system', code, message: `${code}: open 'x'` });
  expect(`\n${codes.map(text).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    the disk quota is used up; free space and run again: what is done is kept (EDQUOT: open 'x')
    there is no permission for a file; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (EACCES: open 'x')
    there is no permission for a file; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (EPERM: open 'x')
    the file system is read-only; use another store or out folder (--store, --out) (EROFS: open 'x')
    too many files are open; run with fewer --jobs (EMFILE: open 'x')
    too many files are open; run with fewer --jobs (ENFILE: open 'x')
    the disk does not read or write; check it (EIO: open 'x')
    EFBIG: open 'x'
    ENAMETOOLONG: open 'x'
    "
  `);
});

test('errors of the system are failures, others are bugs', () => {
  const error = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(fileSystemFailure(error)).toEqual({ reason: 'file-system', code: 'EACCES', message: error.message });
  for (const bug of [new Error('x'), Object.assign(new Error('x'), { code: 'ERR_ASSERTION' }), 'EACCES', null]) {
    expect(fileSystemFailure(bug)).toBeUndefined();
  }
});
