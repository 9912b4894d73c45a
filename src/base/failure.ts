/** Everything that can go wrong and is no bug, one reason each. Rendered in `report/*-failure.ts`. */

import type { Diagnostic } from './diagnostic.ts';
import { errorCode } from './error-code.ts';

/** Why an action has no result. */
export type ActionFailure =
  /** The task found its data wrong and said so. */
  | { readonly reason: 'data'; readonly message: string }
  /** The task threw something else: a bug in it. */
  | { readonly reason: 'threw'; readonly message: string; readonly stack: string | null }
  | { readonly reason: 'output-missing'; readonly port: string }
  | { readonly reason: 'output-invalid'; readonly port: string; readonly message: string }
  | { readonly reason: 'input-missing'; readonly port: string; readonly path: string }
  | InputChanged
  /** What another action made, `of`, was changed in the store before this one began. */
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
  /** What the command had started was still running when the command ended, and may have been writing outputs. */
  | { readonly reason: 'still-running'; readonly processes: readonly string[] }
  | TimedOut
  /** The worker thread ended under the task: out of memory, or `process.exit`. */
  | { readonly reason: 'worker-died'; readonly message: string }
  | JobLost
  | AccessDenied
  | FileSystemFailure;

/** Why nothing could be run at all. */
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
  /** Made by groundwork, as this program was called before 0.2.0. */
  | { readonly reason: 'earlier-name'; readonly of: 'store' | 'out'; readonly path: string }
  | { readonly reason: 'out-in-the-way'; readonly paths: readonly string[] }
  /** Of the user's files that would be read, those that do not exist or are groundproof's own; nothing was run. */
  | {
      readonly reason: 'inputs-unusable';
      readonly missing: readonly {
        readonly path: string;
        readonly takers: readonly string[];
        readonly nearest: string | null;
      }[];
      /** Chosen by `--each`, not listed in the pipeline, and without their files. */
      readonly recordings: readonly { readonly name: string; readonly nearest: string | null }[];
      readonly inside: readonly {
        readonly path: string;
        readonly takers: readonly string[];
        readonly inside: 'out' | 'store';
        /** It is a folder that holds `out/` or the store, and not the other way round. */
        readonly holds: boolean;
        /** The port to take instead, as `step.port`. */
        readonly instead: string | null;
      }[];
    }
  /** Another pipeline, named relative to `out`, shows actions of the same names there. */
  | {
      readonly reason: 'out-of-another';
      readonly out: string;
      readonly pipeline: string;
      readonly actions: readonly string[];
    }
  /** Before anything began, while it waited for another run. */
  | { readonly reason: 'interrupted'; readonly waitedFor: string }
  | { readonly reason: 'store-newer'; readonly path: string; readonly found: string; readonly known: string }
  | { readonly reason: 'store-refused'; readonly path: string }
  /** A folder of the store is a link: what it leads to is not the store's. */
  | { readonly reason: 'store-linked'; readonly path: string }
  /** Actions whose results the store does not hold, where only results count. */
  | { readonly reason: 'not-up-to-date'; readonly actions: readonly string[] }
  | { readonly reason: 'store-missing'; readonly path: string }
  /** By these processes; none where another gc is at work. */
  | { readonly reason: 'store-in-use'; readonly path: string; readonly processes: readonly StoreUser[] }
  /** This process was stopped for so long that others took the store over: the rest was left. */
  | { readonly reason: 'store-taken-over'; readonly path: string }
  /** A command of Slurm's that is not there. */
  | { readonly reason: 'slurm-missing'; readonly command: string }
  | {
      readonly reason: 'slurm-refused';
      readonly command: string;
      readonly options: readonly string[];
      /** What it printed. */
      readonly message: string;
    }
  /** The folder that a job works from is not there, or damaged. */
  | { readonly reason: 'submission-missing'; readonly path: string }
  | { readonly reason: 'submission-of-another-build'; readonly path: string }
  | FileSystemFailure;

/** A command ended with another exit code than 0, or by a signal; with neither, it could not be started. */
export interface ShellFailure {
  readonly reason: 'shell';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** A file of the pipeline's folder that the command names, and that is not in the folder where it ran. */
  readonly inProject?: string;
}

/** A job of a cluster gave no result and did not say why itself. */
export interface JobLost {
  readonly reason: 'job-lost';
  readonly why: Loss;
  /** As Slurm names it: `41_3` is task 3 of job 41. */
  readonly job: string;
  readonly node: string | null;
  /** Slurm's own word, where it has one. */
  readonly said: string;
  /** The last lines of what it printed. */
  readonly output: readonly string[];
}

export type Loss =
  | 'timed-out'
  | 'out-of-memory'
  | 'node-failed'
  | 'preempted'
  | 'cancelled'
  /** Slurm put it aside after a trouble of its own, and would never run it. */
  | 'held'
  /** It asks for what the cluster does not give. */
  | 'never-starts'
  /** Slurm does not know it any more. */
  | 'vanished'
  /** Its process ended in the middle. */
  | 'crashed'
  /** It could not be submitted again. */
  | 'refused'
  /** It ended well, and yet the store does not hold what it should have made. */
  | 'no-result';

/** The system refused: no space, no rights, read-only, too many open files. */
export interface FileSystemFailure {
  readonly reason: 'file-system';
  readonly code: string;
  readonly message: string;
}

/** An input changed while the action read it; it may have been changed back since. */
interface InputChanged {
  readonly reason: 'input-changed';
  readonly port: string;
  /** A user's file, or what lies in the store of what another action made. */
  readonly path: string;
  /** That action; null for a user's file. */
  readonly of: string | null;
}

/** It took longer than its step's `timeout`, or than its `resources.time`. */
export interface TimedOut {
  readonly reason: 'timed-out';
  readonly seconds: number;
  readonly of: 'timeout' | 'time';
}

/** The task reached for more than its inputs and outputs, and was refused: by Node's permission model, or for want of a network. */
export interface AccessDenied {
  readonly reason: 'access-denied';
  readonly access: 'read' | 'write' | 'program' | 'thread' | 'native-code' | 'network' | 'other';
  /** The path or program; empty where Node does not say. */
  readonly resource: string;
}

const ACCESSES: { readonly [permission: string]: AccessDenied['access'] } = {
  FileSystemRead: 'read',
  FileSystemWrite: 'write',
  ChildProcess: 'program',
  WorkerThreads: 'thread',
  Net: 'network',
};

/** What sockets and names give where there is no network: `verify` takes it away, and no task may need it. */
const NO_NETWORK = new Set(['ENETUNREACH', 'EAI_AGAIN', 'ENOTFOUND']);

/** A refusal of the permission model or of the network, also where a library wrapped it. */
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

/** Codes that say something of the machine, not of the program. */
const SYSTEM = new Set([
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

/** A thrown error as a failure, where the system is to blame; undefined where it is a bug. */
export function fileSystemFailure(error: unknown): FileSystemFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = errorCode(error);
  return code !== undefined && SYSTEM.has(code) ? { reason: 'file-system', code, message: error.message } : undefined;
}

/** A process that has a store open; `host` is null for one of this machine. */
export interface StoreUser {
  readonly pid: number;
  readonly host: string | null;
}
