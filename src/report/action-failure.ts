/** Says why an action failed, and how to fix it. The caller names the action. */
import type { AccessDenied, ActionFailure } from '../base/failure.ts';
import { unreachable } from '../base/result.ts';
import { fileSystemText } from './file-system-failure.ts';
import { shellFailureText, stillRunningText } from './shell-failure.ts';
import { jobLostText } from './slurm-failure.ts';

export function actionFailureText(failure: ActionFailure): string {
  switch (failure.reason) {
    case 'data':
      return failure.message;
    case 'threw':
      return `the task failed with an error that it did not expect: ${failure.stack ?? failure.message}`;
    case 'output-missing':
      return outputMissingText(failure);
    case 'output-invalid':
      return `the task's output ${failure.port} is not what it declared: ${failure.message}`;
    case 'input-missing':
      return `input ${failure.port}: there is no file ${failure.path}`;
    case 'input-changed':
      return inputChangedText(failure);
    case 'input-damaged':
      return `input ${failure.port}: ${failure.path} of ${failure.of} was changed or removed in the store, so this step was not started. Run again, which makes ${failure.of} again`;
    case 'input-unsettled':
      return `input ${failure.port}: ${failure.path} is still being written; wait until it is complete, then run again`;
    case 'input-kind':
      return `input ${failure.port}: ${failure.path} should be a ${failure.expected} and is a ${failure.expected === 'file' ? 'folder' : 'file'}`;
    case 'shell':
      return shellFailureText(failure);
    case 'still-running':
      return stillRunningText(failure.processes);
    case 'timed-out':
      return timedOutText(failure.seconds, failure.of === 'time' ? 'resources.time' : 'timeout');
    case 'worker-died':
      return `the task's thread ended before the task did: ${failure.message}`;
    case 'job-lost':
      return jobLostText(failure);
    case 'access-denied':
      return accessText(failure);
    case 'file-system':
      return fileSystemText(failure);
    default:
      return unreachable(failure);
  }
}

const outputMissingText = ({ port, optional }: Extract<ActionFailure, { reason: 'output-missing' }>): string =>
  optional === undefined
    ? `the task ended without writing its output ${port}; write it, or declare it optional`
    : `the command ended without writing its output ${port}; write it at {outputs.${port}}, or declare it optional, as in outputs: { ${port}: ${optional} }`;

type InputChanged = Extract<ActionFailure, { reason: 'input-changed' }>;

const inputChangedText = ({ port, path, of }: InputChanged): string =>
  of === null
    ? `input ${port}: ${path} was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy`
    : `input ${port}: ${path} of ${of} was changed or removed in the store while this step ran, by it or by something beside it; nothing made from it was kept. A step that changes an input has to copy it first. The next run makes ${of} again`;

const timedOutText = (seconds: number, limit: string): string =>
  `it took longer than its ${limit} of ${seconds} s; if it needs that long, raise the step's ${limit}`;

function accessText({ access, resource }: AccessDenied): string {
  switch (access) {
    case 'read':
      return `undeclared read of ${resource}: it is not an input of the task, so a change of it would not be noticed; declare it as an input`;
    case 'write':
      return `undeclared write to ${resource}: a task writes only its outputs, and temporary files below os.tmpdir()`;
    case 'program':
      return `it started a program (${resource}), which could read anything unseen; make it a shell step`;
    case 'thread':
      return 'it started a thread, which cannot be watched; do the work in the task itself';
    case 'native-code':
      return 'it loaded native code, which could read anything unseen and cannot be verified';
    case 'network':
      return `it used the network (${resource}); declare what it fetches as an input file`;
    case 'other':
      return `it did something that a task may not do: ${resource}`;
    default:
      return unreachable(access);
  }
}
