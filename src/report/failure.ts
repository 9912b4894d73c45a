/** Failures as messages: what happened, where, and what to do. The one place where they become text. */
import { join } from 'node:path';
import { bytesText } from '../base/amounts.ts';
import type {
  AccessDenied,
  ActionFailure,
  FileSystemFailure,
  JobLost,
  RunFailure,
  StoreUser,
} from '../base/failure.ts';
import { unreachable } from '../base/result.ts';
import { diagnosticsText } from './diagnostic.ts';
import { listText } from './list.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import { shellFailureText, stillRunningText } from './shell-failure.ts';
import { unusableText } from './unusable-inputs.ts';

/** What went wrong with an action; the caller says which action. */
export function actionFailureText(failure: ActionFailure): string {
  switch (failure.reason) {
    case 'data':
      return failure.message;
    case 'threw':
      return `the task failed with an error that it did not expect: ${failure.stack ?? failure.message}`;
    case 'output-missing':
      return `the task ended without writing its output ${failure.port}; write it, or declare it optional`;
    case 'output-invalid':
      return `the task's output ${failure.port} is not what it declared: ${failure.message}`;
    case 'input-missing':
      return `input ${failure.port}: there is no file ${failure.path}`;
    case 'input-changed':
      return failure.of === null
        ? `input ${failure.port}: ${failure.path} was changed while the task read it; nothing was kept. Run again, unless this step itself writes there: then let it write into a copy`
        : `input ${failure.port}: ${failure.path} of ${failure.of} was changed or removed in the store while this step ran, by it or by something beside it; nothing made from it was kept. A step that changes an input has to copy it first. The next run makes ${failure.of} again`;
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
      return failure.of === 'time'
        ? `it took longer than its resources.time of ${failure.seconds} s; if it needs that long, raise the step's resources.time`
        : `it took longer than its timeout of ${failure.seconds} s; if it needs that long, raise the step's timeout`;
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

/** Why nothing could be run. */
export function runFailureText(refused: RunFailure, paint: Paint): string {
  // Mistakes are underlined by place, so their text is made printable where it is shown.
  const failure = refused.reason === 'pipeline-invalid' ? refused : printableIn(refused);
  switch (failure.reason) {
    case 'usage':
      return failure.hint === undefined ? failure.message : `${failure.message}\n${failure.hint}`;
    case 'pipeline-missing':
      return `there is no pipeline ${failure.path}; name one: groundproof run path/to/pipeline.yaml`;
    case 'pipeline-folder':
      return `${failure.path} is a folder; name the pipeline in it: groundproof run path/to/pipeline.yaml`;
    case 'pipeline-too-large':
      return `${failure.path} has ${bytesText(failure.bytes)}, and a pipeline has ${bytesText(failure.most)} at most; keep data in files of their own, and name those in it`;
    case 'pipeline-invalid':
      return diagnosticsText(failure.diagnostics, paint);
    case 'target-unknown':
      return failure.targets
        .map(({ name, nearest }) => {
          const hint = nearest === undefined ? 'groundproof graph shows what there is' : `did you mean ${nearest}?`;
          return `there is no step or action ${name}; ${hint}`;
        })
        .join('\n');
    case 'out-refused':
      return `${failure.path} is no out folder of groundproof and not empty, so nothing was touched; give an empty or new folder with --out`;
    case 'earlier-name':
      return EARLIER_NAME[failure.of](failure.path);
    case 'out-in-the-way':
      return inTheWayText(failure.paths);
    case 'inputs-unusable':
      return unusableText(failure);
    case 'out-of-another':
      return anothersText(failure);
    case 'interrupted':
      return `interrupted while waiting for ${failure.waitedFor}; nothing was done`;
    case 'store-newer':
      return `the store ${failure.path} has format ${failure.found}, this groundproof knows ${failure.known}: update groundproof, or use another store with --store`;
    case 'not-up-to-date': {
      const [first = '', ...others] = failure.actions;
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      return `the store does not hold the results of ${first}${more}; make them first: groundproof run`;
    }
    case 'store-refused':
      return `${failure.path} is no store and not empty, so nothing was touched; give an empty or new folder with --store`;
    case 'store-linked':
      return `${failure.path} is a link, and a store keeps nothing behind one; put the whole store there and name it with --store`;
    case 'store-missing':
      return `there is no store ${failure.path}; name one with --store, or the pipeline beside it`;
    case 'store-in-use':
      return `the store ${failure.path} is in use by ${processesText(failure.processes)}; nothing was removed, try again when that has ended${goneElsewhere(failure)}`;
    case 'store-taken-over':
      return `this process did not run for so long that others took over the store ${failure.path}; it removed nothing more. Run it again`;
    case 'submission-missing':
      return `there is no submission ${failure.path}, or it is damaged; does this machine see the store under the same path?`;
    case 'submission-of-another-build':
      return `${failure.path} was submitted by another build of groundproof; run again, which submits anew`;
    case 'slurm-missing':
      return `there is no ${failure.command} on the PATH; run this where jobs can be submitted to Slurm, or on this machine with --on local`;
    case 'slurm-refused': {
      const options = failure.options.length > 0 ? `\n${failure.command} ${failure.options.join(' ')}` : '';
      return `Slurm refused: ${failure.message}${options}`;
    }
    case 'file-system':
      return fileSystemText(failure);
    default:
      return unreachable(failure);
  }
}

function anothersText({ out, pipeline, actions }: Extract<RunFailure, { reason: 'out-of-another' }>): string {
  const [first = '', ...others] = actions;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return (
    `${out} shows ${first}${more} of another pipeline, ${join(out, pipeline)}, so nothing was touched; ` +
    'show this one elsewhere with --out, or rename the steps'
  );
}

function inTheWayText(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  if (others.length === 0)
    return `${first} was not written by groundproof and stands where a result should go; move it away and run again`;
  const all = paths.map((path) => `\n  ${path}`).join('');
  return `these were not written by groundproof and stand where results should go; move them away and run again:${all}`;
}

/** Who has a store open. */
export function processesText(users: readonly StoreUser[]): string {
  if (users.length === 0) return 'another gc';
  const here = users.filter(({ host }) => host === null).map(({ pid }) => pid);
  const elsewhere = users.filter(({ host }) => host !== null).map(({ pid, host }) => `process ${pid} on ${host}`);
  const ours = here.length === 0 ? '' : `${here.length === 1 ? 'process' : 'processes'} ${here.join(', ')}`;
  return [ours, listText(elsewhere, ', ')].filter((text) => text !== '').join(' and ');
}

/** That a process of another machine has died cannot be seen from here. */
const goneElsewhere = ({ path, processes }: Extract<RunFailure, { reason: 'store-in-use' }>): string =>
  processes.some(({ host }) => host !== null)
    ? `. One that died on another machine counts for a day, or until its folder in ${path}/tmp is removed`
    : '';

/** What to do with a folder that was made under the earlier name. */
const EARLIER_NAME = {
  store: (path: string) =>
    `${path} is a store of groundwork, as groundproof was called before. Its results were made under the earlier name and are not reused: remove the folder, or give another one with --store`,
  out: (path: string) =>
    `${path} was written by groundwork, as groundproof was called before. It holds copies of results: move the folder away or remove it, and run again`,
};

/** What became of a job, what to do, and what it printed last. */
function jobLostText({ why, job, node, said, output }: JobLost): string {
  const where = node === null ? `job ${job}` : `job ${job} on ${node}`;
  const text = () => {
    switch (why) {
      case 'timed-out':
        return `${where} was ended at its time limit; raise resources.time of the step`;
      case 'out-of-memory':
        return `${where} took more memory than it had asked for; raise resources.memory of the step`;
      case 'node-failed':
        return `${where} was lost with its node; run again`;
      case 'preempted':
        return `${where} had to make room for another job; run again, or use a partition without preemption`;
      case 'cancelled':
        return `${where} was cancelled; run again if it was not meant to be`;
      case 'held':
        return `${where} was put aside by Slurm (${said}); run again`;
      case 'never-starts':
        return `${where} asks for what the cluster does not give (${said}); lower the step's resources, or name another partition`;
      case 'vanished':
        return `${where} is no longer known to Slurm, and said nothing of its end; run again`;
      case 'crashed':
        return `${where} ended in the middle (${said})`;
      case 'refused':
        return `its job could not be submitted again: ${said}`;
      case 'no-result':
        return `${where} ended well, and the store does not hold what it made: an input changed meanwhile, or the node sees another folder under the store's path`;
      default:
        return unreachable(why);
    }
  };
  return output.length > 0 ? `${text()}\nits last output:\n${output.join('\n')}` : text();
}

function accessText({ access, resource }: AccessDenied): string {
  switch (access) {
    case 'read':
      return `undeclared read of ${resource}: it is none of the task's inputs, so a change of it would go unseen; declare it as an input`;
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
      return `it did what a task may not: ${resource}`;
    default:
      return unreachable(access);
  }
}

const ADVICE: { readonly [code: string]: string } = {
  ENOSPC: 'the disk is full; free space and run again: what is done is kept',
  EDQUOT: 'the disk quota is used up; free space and run again: what is done is kept',
  EROFS: 'the file system is read-only; use another store or out folder (--store, --out)',
  EMFILE: 'too many files are open; run with fewer --jobs',
  ENFILE: 'too many files are open; run with fewer --jobs',
  ELOOP: 'a symbolic link leads back to itself; mend it',
  EIO: 'the disk does not read or write; check it',
  ESTALE: 'the file server no longer knows the file; run again',
};

const REFUSALS = new Set(['EACCES', 'EPERM']);

const fileSystemText = ({ code, message }: FileSystemFailure): string => {
  const [, path] = /, \w+ '([^']+)'/.exec(message) ?? [];
  if (REFUSALS.has(code)) {
    return `there is no permission for ${path ?? 'a file'}; change its owner or mode, or, if it is in the store or in out/, use another one with --store or --out (${message})`;
  }
  const advice = ADVICE[code];
  return advice === undefined ? message : `${advice} (${message})`;
};
