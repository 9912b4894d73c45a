/** Computes the key of an action from the results that it needs: its inputs enter the key by their content. */

import type { ActionName } from '../base/action-name.ts';
import type { ActionFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { ok, type Result } from '../base/result.ts';
import type { Signature } from '../files/signature.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action } from '../pipeline/graph.ts';
import type { FileDigest } from '../store/file-memo.ts';
import { FORMAT, type Key, keyOf, type Preimage, type TaskIdentity } from '../store/key.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import { fromFile, fromPort, fromRecordings, type InputFound, NOT_GIVEN, type Preparing } from './find-input.ts';

/** An input's path, and `linkAs`, its name in the folder of inputs that the action sees. */
export interface Located {
  readonly path: string;
  readonly linkAs: string;
  readonly isFolder: boolean;
}

export type PreparedInput =
  | Located
  | null
  | { readonly files: readonly Located[] }
  | readonly { readonly recording: string; readonly at: Located | null }[];

/** An optional file that this recording does not have; `path` as the pipeline names it. */
export interface Absent {
  readonly port: string;
  readonly path: string;
}

/** A user's file or folder that an action reads. */
export interface ReadFile {
  readonly port: string;
  readonly path: string;
  readonly known: FileDigest;
}

/** An output of another action that an action reads. */
export interface ReadBlob {
  readonly port: string;
  /** The action that made it. */
  readonly of: ActionName;
  /** Its file name among that action's outputs. */
  readonly name: string;
  readonly output: StoredOutput;
  /** The key of the result that it belongs to. */
  readonly key: Key;
}

export interface Prepared {
  readonly key: Key;
  readonly preimage: Preimage;
  readonly inputs: { readonly [port: string]: PreparedInput };
  /** The user's files among the inputs, to detect changes while the action reads them. */
  readonly files: readonly ReadFile[];
  readonly blobs: readonly ReadBlob[];
  /** The result no longer stands once such a file appears. */
  readonly absent: readonly Absent[];
  /** Signatures of the folders that were searched for files; a new name changes them. */
  readonly listings: FileDigest['signatures'];
}

export type ResultOf = (action: ActionName) => StoredResult | undefined;

/** Fails if a user's file is missing, of the wrong kind, or still being written. */
export async function prepare(
  action: Action,
  resultOf: ResultOf,
  session: Preparing,
): Promise<Result<Prepared, ActionFailure>> {
  const { step } = action;
  const found = new Map<string, InputFound>();
  for (const [port, declared] of Object.entries(step.interface.inputs)) {
    const input = ownProperty(action.inputs, port);
    if (input === undefined) found.set(port, NOT_GIVEN);
    else if (input.kind === 'port') found.set(port, fromPort(port, input, resultOf, session));
    else if (input.kind === 'gathered') found.set(port, fromRecordings(port, input, resultOf, session));
    else if (input.kind === 'files') {
      const files = await (await import('./find-files.ts')).fromFiles(port, input, session);
      if (!files.ok) return files;
      found.set(port, files.value);
    } else {
      const written = ownProperty(step.inputs, port);
      const file = await fromFile(
        { port, declared, written, named: input.path, takesBoth: step.task.kind === 'shell' },
        session,
      );
      if (!file.ok) return file;
      found.set(port, file.value);
    }
  }

  const all = [...found.values()];
  const each = <T>(pick: (input: InputFound) => T) =>
    Object.fromEntries([...found].map(([port, input]) => [port, pick(input)]));
  const preimage: Preimage = {
    format: FORMAT,
    task: taskIdentity(action, session.loaded.code),
    params: action.params,
    inputs: each(({ identity }) => identity),
    outputs: step.interface.outputs,
  };
  return ok({
    key: keyOf(preimage),
    preimage,
    inputs: each(({ input }) => input),
    files: all.flatMap(({ files = [] }) => files),
    blobs: all.flatMap(({ blobs = [] }) => blobs),
    absent: all.flatMap(({ absent = [] }) => absent),
    listings: all.flatMap(({ listings = [] }) => listings),
  });
}

/** The signatures of the user's files, and of the folders searched for them, that the action rests on. */
export const signaturesOf = ({ files, listings }: Prepared): (readonly [string, Signature | null])[] => [
  ...files.flatMap(({ known }) => known.signatures),
  ...listings,
];

function taskIdentity({ step, recording }: Action, code: LoadedPipeline['code']): TaskIdentity {
  if (step.task.kind === 'shell') {
    const { command, env, cwd } = step.task;
    const named = recording !== null && command.includes('{recording}') ? { recording } : {};
    return { kind: 'shell', command, env, ...named, ...(cwd === 'project' && { cwd }) };
  }
  const loaded = code[step.task.uses];
  if (!loaded) throw new Error(`no code for ${step.task.uses}`);
  return { kind: 'module', code: loaded.digest, packages: loaded.packages };
}
