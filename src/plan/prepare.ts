/** From an action and the results it needs to its key: inputs enter by content, once they exist. */

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Signature } from '../files/signature.ts';
import { STILL_WRITTEN } from '../files/unchanging-file.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Input } from '../pipeline/pipeline.ts';
import { mentionsRecording } from '../pipeline/recording.ts';
import type { FileDigest, FileMemo } from '../store/file-memo.ts';
import {
  FORMAT,
  type InputContent,
  type InputIdentity,
  type Key,
  keyOf,
  type Preimage,
  type TaskIdentity,
} from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import type { InputPort } from '../task/ports.ts';
import { stagedExtension } from './staged-extension.ts';

/** Where an input lies, and the name that the action sees it under, relative to the folder of its inputs. */
export interface Located {
  readonly path: string;
  readonly linkAs: string;
  readonly isFolder: boolean;
}

export type PreparedInput = Located | null | readonly { readonly recording: string; readonly at: Located | null }[];

/** A file that the pipeline names for each recording, and that this one does not have; `path` as the pipeline says it. */
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
  /** The action that made it, and what it is called there. */
  readonly of: ActionName;
  readonly name: string;
  readonly output: StoredOutput;
  /** Of its result. */
  readonly key: Key;
}

export interface Prepared {
  readonly key: Key;
  readonly preimage: Preimage;
  readonly inputs: { readonly [port: string]: PreparedInput };
  /** The user's files among the inputs, to see whether one changed while the action read it. */
  readonly files: readonly ReadFile[];
  readonly blobs: readonly ReadBlob[];
  /** Optional files of this recording that are not there: they must stay away for the result to stand. */
  readonly absent: readonly Absent[];
}

export type ResultOf = (action: ActionName) => StoredResult | undefined;

export async function prepare(
  action: Action,
  resultOf: ResultOf,
  { folder, code }: LoadedPipeline,
  store: Store,
  memo: FileMemo,
): Promise<Result<Prepared, ActionFailure>> {
  const { step } = action;
  const inputs: { [port: string]: PreparedInput } = {};
  const identities: { [port: string]: InputIdentity } = {};
  const files: ReadFile[] = [];
  const blobs: ReadBlob[] = [];
  const read = (port: string, of: ActionName, from: string, output: StoredOutput | null) => {
    const key = resultOf(of)?.key;
    if (output && key) blobs.push({ port, of, name: `${from}${output.extension}`, output, key });
  };
  const absent: Absent[] = [];

  for (const [port, declared] of Object.entries(step.interface.inputs)) {
    const input = ownProperty(action.inputs, port);
    if (input === undefined) {
      inputs[port] = null;
      identities[port] = { absent: true };
    } else if (input.kind === 'file') {
      const path = resolve(folder, input.path);
      const hashed = await hashedInput(memo, port, path, input.path);
      if (!hashed.ok) return hashed;
      const known = hashed.value;
      if (!known) {
        if (!mayBeAbsent(declared, ownProperty(step.inputs, port)))
          return err({ reason: 'input-missing', port, path: input.path });
        absent.push({ port, path: input.path });
        inputs[port] = null;
        identities[port] = { absent: true };
        continue;
      }
      const expected = declared.kind === 'folder' ? 'folder' : 'file';
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== (expected === 'folder')) {
        return err({ reason: 'input-kind', port, path: input.path, expected });
      }
      files.push({ port, path, known });
      const extension = extensionOf(ownProperty(step.inputs, port), input.path);
      inputs[port] = { path, linkAs: `${port}${extension}`, isFolder: expected === 'folder' };
      identities[port] = { digest: known.digest, extension };
    } else if (input.kind === 'port') {
      const output = outputOf(resultOf(input.action), input.port);
      read(port, input.action, input.port, output);
      inputs[port] = output && locate(store, output, port);
      identities[port] = output ? contentOf(output) : { absent: true };
    } else {
      const present = input.from.flatMap(({ recording, action: name }) => {
        const result = resultOf(name);
        if (!result) return [];
        const output = outputOf(result, input.port);
        read(port, name, input.port, output);
        return [{ recording, output }];
      });
      inputs[port] = present.map(({ recording, output }) => ({
        recording,
        at: output && locate(store, output, join(port, recording)),
      }));
      identities[port] = {
        gathered: present.map(({ recording, output }) =>
          output ? { recording, ...contentOf(output) } : { recording, absent: true as const },
        ),
      };
    }
  }

  const preimage: Preimage = {
    format: FORMAT,
    task: taskIdentity(action, code),
    params: action.params,
    inputs: identities,
    outputs: step.interface.outputs,
  };
  return ok({ key: keyOf(preimage), preimage, inputs, files, blobs, absent });
}

/** Hashes a path that the pipeline names. A file that changes faster than it can be read is a failure. */
async function hashedInput(
  memo: FileMemo,
  port: string,
  path: string,
  named: string,
): Promise<Result<FileDigest | undefined, ActionFailure>> {
  try {
    return ok(await memo.digest(path));
  } catch (error) {
    if (errorCode(error) !== STILL_WRITTEN) throw error;
    return err({ reason: 'input-unsettled', port, path: named });
  }
}

/** The signatures of the user's files that the action rests on. */
export const signaturesOf = ({ files }: Prepared): (readonly [string, Signature | null])[] =>
  files.flatMap(({ known }) => known.signatures);

/** An optional file that some recordings have. One that is named outright is wanted: its name is misspelt. */
export const mayBeAbsent = (port: InputPort, input: Input | undefined): boolean =>
  port.kind !== 'gathered' && port.optional === true && input?.kind === 'file' && mentionsRecording(input.path);

const outputOf = (result: StoredResult | undefined, port: string) => result?.outputs[port] ?? null;

const contentOf = ({ digest, extension }: StoredOutput): InputContent => ({ digest, extension });

/** A user's file as the pipeline writes it, with `{recording}` in it, says more than the file's own name. */
const extensionOf = (input: Input | undefined, path: string): string =>
  stagedExtension(input?.kind === 'file' ? input.path : path, path);

const locate = (store: Store, { digest, extension, kind }: StoredOutput, name: string): Located => ({
  path: store.blob(digest),
  linkAs: `${name}${extension}`,
  isFolder: kind === 'folder',
});

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
