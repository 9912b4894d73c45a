import colors from 'picocolors';
import { expect, test } from 'vitest';
import type { RunFailure } from '../../src/base/failure.ts';
import { runFailureText } from '../../src/report/run-failure.ts';

const plain = colors.createColors(false);

const diskFull = { reason: 'file-system', code: 'ENOSPC', message: 'ENOSPC: no space left on device, write' } as const;

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
  { reason: 'target-unknown', targets: [{ name: 'detct@*', nearest: 'detect@a' }, { name: '*z' }] },
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

test('runFailureText says why a run could not begin and how to fix it', () => {
  expect(`\n${runFailures.map((failure) => runFailureText(failure, plain)).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    --each takes recording=a,b
    there is no profile zenod
    did you mean zenodo?
    there is no pipeline /project/pipeline.yaml; name one: groundproof run path/to/pipeline.yaml
    /project/runs.yaml is a folder; name the pipeline in it: groundproof run path/to/pipeline.yaml
    /project/pipeline.yaml is 52.0 MB large, and a pipeline may have at most 16.0 MB; keep data in separate files, and name those in the pipeline
    pipeline.yaml:1:1: 'nane' is unknown
        nane: x
        ~~~~

    1 mistake
    there is no step or action detct; did you mean detect?
    there is no step or action zzz; groundproof graph shows what there is
    no step or action matches detct@*; did you mean detect@a?
    no step or action matches *z; groundproof graph shows what there is
    /home/me is not an out folder of groundproof and not empty, so nothing was touched; choose an empty or new folder with --out
    /project/cache is a store of groundwork, as groundproof was called before. Its results were made under the earlier name and are not reused: remove the folder, or give another one with --store
    /project/out was written by groundwork, as groundproof was called before. It holds copies of results: move the folder away or remove it, and run again
    /project/out/detect/a/peaks.arrow was not written by groundproof and stands where a result should go; move it away and run again
    these were not written by groundproof and stand where results should go; move them away and run again:
      /project/out/detect/a/peaks.arrow
      /project/out/summary
    /project/out shows detect@a and 1 more of another pipeline, /project/other.yaml, so nothing was touched; show this one elsewhere with --out, or rename the steps
    interrupted while waiting for /project/out; nothing was done
    the store /project/cache has format 2, this groundproof knows 1: update groundproof, or use another store with --store
    /home/me is not a store and not empty, so nothing was touched; choose an empty or new folder with --store
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
