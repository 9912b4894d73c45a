import { expect, test } from 'vitest';
import type { ActionFailure } from '../../src/base/failure.ts';
import { actionFailureText } from '../../src/report/action-failure.ts';

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
  { reason: 'output-missing', port: 'peaks', optional: '{ file: .txt, optional: true }' },
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

test('actionFailureText says how an action failed and how to fix it', () => {
  expect(`\n${actionFailures.map(actionFailureText).join('\n')}\n`).toMatchInlineSnapshot(`
    "
    the header has 3 lines, 5 were expected
    the task failed with an error that it did not expect: TypeError: x is not a function
        at run (detect.ts:3:1)
    the task failed with an error that it did not expect: a text was thrown
    the task ended without writing its output peaks; write it, or declare it optional
    the command ended without writing its output peaks; write it at {outputs.peaks}, or declare it optional, as in outputs: { peaks: { file: .txt, optional: true } }
    the task's output peaks is not what it declared: column at should be int64 and is float64
    input archive: there is no file data/a.tar.gz
    input archive: data/a.tar.gz was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy
    input reference: genome/ref.fa.fai of unpack@a was changed or removed in the store while this step ran, by it or by something beside it; nothing made from it was kept. A step that changes an input has to copy it first. The next run makes unpack@a again
    input reference: genome/ref.fa.fai of unpack@a was changed or removed in the store, so this step was not started. Run again, which makes unpack@a again
    input archive: data/a.tar.gz is still being written; wait until it is complete, then run again
    input archive: data should be a file and is a folder
    the command ended with exit code 127: a program was not found on the PATH
    the command was ended by SIGSEGV: it accessed memory that it may not access; that is a bug in the program
    it took longer than its timeout of 60 s; if it needs that long, raise the step's timeout
    it took longer than its resources.time of 1800 s; if it needs that long, raise the step's resources.time
    the task's thread ended before the task did: it ran out of memory
    the disk is full; free space and run again: what is done is kept (ENOSPC: no space left on device, write)
    "
  `);
});
