/** All failures that are not bugs, told apart by `reason`. Rendered in `report/failure.ts`. */

import type { Diagnostic } from './diagnostic.ts';
import { errorCode } from './error-code.ts';

/** Why an action has no result. */
export type ActionFailure =
  /** The task reported that its data are wrong. */
  | { readonly reason: 'data'; readonly message: string }
  /** The task threw any other error: it has a bug. */
  | { readonly reason: 'threw'; readonly message: string; readonly stack: string | null }
  /** `optional`: how a pipeline declares the output of a shell step as optional; left out for a module. */
  | { readonly reason: 'output-missing'; readonly port: string; readonly optional?: string }
  | { readonly reason: 'output-invalid'; readonly port: string; readonly message: string }
  | { readonly reason: 'input-missing'; readonly port: string; readonly path: string }
  | InputChanged
  /** The output of another action, `of`, was changed in the store before this action began. */
  | { readonly reason: 'input-damaged'; readonly port: string; readonly path: string; readonly of: string }
  /** A user's file changes faster than it can be read. */
  | { readonly reason: 'input-unsettled'; readonly port: string; readonly path: string }
  | {
      readonly reason: 'input-kind';
      readonly port: string;
      readonly path: string;
      readonly expected: 'file' | 'folder';
    }
  | ShellFailure
  /** Processes that the command started outlived it, and may still have been writing outputs. */
  | { readonly reason: 'still-running'; readonly processes: readonly string[] }
  | TimedOut
  /** The worker thread ended under the task: out of memory, or `process.exit`. */
  | { readonly reason: 'worker-died'; readonly message: string }
  | JobLost
  | AccessDenied
  | FileSystemFailure;

/** Why no action could be run. */
export type RunFailure =
  | { readonly reason: 'usage'; readonly message: string; readonly hint?: string }
  | { readonly reason: 'pipeline-missing'; readonly path: string }
  | { readonly reason: 'pipeline-folder'; readonly path: string }
  | { readonly reason: 'pipeline-too-large'; readonly path: string; readonly bytes: number; readonly most: number }
  | { readonly reason: 'pipeline-invalid'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly reason: 'target-unknown';
      readonly targets: readonly { readonly name: string; readonly nearest?: string }[];
    }
  | { readonly reason: 'out-refused'; readonly path: string }
  /** The store or `out/` was made by groundwork, the name of this program before 0.2.0. */
  | { readonly reason: 'earlier-name'; readonly of: 'store' | 'out'; readonly path: string }
  | { readonly reason: 'out-in-the-way'; readonly paths: readonly string[] }
  /** Input files that do not exist, or that lie in a folder of groundproof's own; no action was run. */
  | {
      readonly reason: 'inputs-unusable';
      readonly missing: readonly {
        readonly path: string;
        readonly takers: readonly string[];
        readonly nearest: string | null;
      }[];
      /** Recordings that `--each` names although neither the pipeline nor the disk has them. */
      readonly recordings: readonly { readonly name: string; readonly nearest: string | null }[];
      readonly inside: readonly {
        readonly path: string;
        readonly takers: readonly string[];
        readonly inside: 'out' | 'store';
        /** True if the input is a folder that contains `out/` or the store; false if it lies in them. */
        readonly holds: boolean;
        /** The port to take instead, as `step.port`. */
        readonly instead: string | null;
      }[];
      /** Patterns that match no file, or that reach into a folder of groundproof's own; `at` is `file:line`. */
      readonly patterns: readonly ({
        readonly pattern: string;
        readonly at: string;
        readonly takers: readonly string[];
      } & (
        | { readonly problem: 'no-match'; readonly nearest: string | null }
        | { readonly problem: 'out' | 'store'; readonly folder: string }
      ))[];
    }
  /** Another pipeline (its path is relative to `out`) shows actions of the same names there. */
  | {
      readonly reason: 'out-of-another';
      readonly out: string;
      readonly pipeline: string;
      readonly actions: readonly string[];
    }
  /** The run was interrupted before its first action, while it waited for another run. */
  | { readonly reason: 'interrupted'; readonly waitedFor: string }
  | { readonly reason: 'store-newer'; readonly path: string; readonly found: string; readonly known: string }
  | { readonly reason: 'store-refused'; readonly path: string }
  /** A folder of the store is a link, so its target does not belong to the store. */
  | { readonly reason: 'store-linked'; readonly path: string }
  /** The command uses stored results only, and the store has none for these actions. */
  | { readonly reason: 'not-up-to-date'; readonly actions: readonly string[] }
  | { readonly reason: 'store-missing'; readonly path: string }
  /** Used by these processes; the list is empty if another gc is at work. */
  | { readonly reason: 'store-in-use'; readonly path: string; readonly processes: readonly StoreUser[] }
  /** This process was stopped for so long that others took the store over, so it removed no more. */
  | { readonly reason: 'store-taken-over'; readonly path: string }
  /** A command of Slurm is not installed. */
  | { readonly reason: 'slurm-missing'; readonly command: string }
  | {
      readonly reason: 'slurm-refused';
      readonly command: string;
      readonly options: readonly string[];
      /** The output of the command. */
      readonly message: string;
    }
  /** The folder that a job works from is missing or damaged. */
  | { readonly reason: 'submission-missing'; readonly path: string }
  | { readonly reason: 'submission-of-another-build'; readonly path: string }
  | FileSystemFailure;

/** A command ended with a nonzero exit code or by a signal. With neither of them, it could not be started. */
export interface ShellFailure {
  readonly reason: 'shell';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** A file that the command names and that lies in the pipeline's folder, but not in the folder in which the command ran. */
  readonly inProject?: string;
}

/** A Slurm job gave no result and reported no failure of its own. */
export interface JobLost {
  readonly reason: 'job-lost';
  readonly why: LossReason;
  /** Slurm's name for the job: `41_3` is slot 3 of job 41. */
  readonly job: string;
  readonly node: string | null;
  /** Slurm's word for the job's state; empty if Slurm gives no state. */
  readonly said: string;
  /** The last lines of the job's output. */
  readonly output: readonly string[];
}

export type LossReason =
  | 'timed-out'
  | 'out-of-memory'
  | 'node-failed'
  | 'preempted'
  | 'cancelled'
  /** Slurm held the job after a failure of its own, and would never run it. */
  | 'held'
  /** The job requests resources that the cluster does not have. */
  | 'never-starts'
  /** Slurm no longer knows the job. */
  | 'vanished'
  /** The job's process ended before it had finished. */
  | 'crashed'
  /** Slurm refused to take the job a second time. */
  | 'refused'
  /** The job succeeded, but the store does not have its result. */
  | 'no-result';

/** The system refused: no space, no permission, read-only, too many open files. */
export interface FileSystemFailure {
  readonly reason: 'file-system';
  readonly code: string;
  readonly message: string;
}

/** An input changed while the action read it; it may have been changed back since. */
interface InputChanged {
  readonly reason: 'input-changed';
  readonly port: string;
  /** The user's file, or the stored output of another action. */
  readonly path: string;
  /** The action that made it; null for a user's file. */
  readonly of: string | null;
}

/** The action took longer than its step's `timeout`, or than its `resources.time`. */
export interface TimedOut {
  readonly reason: 'timed-out';
  readonly seconds: number;
  readonly of: 'timeout' | 'time';
}

/** The task tried to use more than its inputs and outputs: Node's permission model refused, or there was no network. */
export interface AccessDenied {
  readonly reason: 'access-denied';
  readonly access: 'read' | 'write' | 'program' | 'thread' | 'native-code' | 'network' | 'other';
  /** The path or program; empty if Node does not name it. */
  readonly resource: string;
}

const ACCESSES: { readonly [permission: string]: AccessDenied['access'] } = {
  FileSystemRead: 'read',
  FileSystemWrite: 'write',
  ChildProcess: 'program',
  WorkerThreads: 'thread',
  Net: 'network',
};

/** Errors of sockets and of name lookup without a network. `verify` takes the network away: no task may need it. */
const NO_NETWORK = new Set(['ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND']);

/** Recognises a refusal by the permission model or a missing network, also as the `cause` of a library's error. */
export function accessDenied(error: unknown): AccessDenied | undefined {
  if (!(error instanceof Error)) return undefined;
  const {
    code,
    permission = '',
    resource,
  } = error as NodeJS.ErrnoException & { permission?: string; resource?: string };
  if (code === 'ERR_ACCESS_DENIED') {
    return { reason: 'access-denied', access: ACCESSES[permission] ?? 'other', resource: resource || error.message };
  }
  if (code === 'ERR_DLOPEN_DISABLED') return { reason: 'access-denied', access: 'native-code', resource: '' };
  if (code !== undefined && NO_NETWORK.has(code)) {
    return { reason: 'access-denied', access: 'network', resource: error.message };
  }
  return accessDenied(error.cause);
}

/** Error codes caused by the machine, not by a bug of the program. */
const SYSTEM_CODES = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'EIO',
  'ESTALE',
  'EFBIG',
  'EBUSY',
  'EINTR',
  'ENAMETOOLONG',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENOTSUP',
]);

/** Turns a thrown error into a failure if the system caused it; undefined if it is a bug. */
export function fileSystemFailure(error: unknown): FileSystemFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error);
  return SYSTEM_CODES.has(code) ? { reason: 'file-system', code, message: error.message } : undefined;
}

/** A process that has a store open; `host` is null if it runs on this machine. */
export interface StoreUser {
  readonly pid: number;
  readonly host: string | null;
}
