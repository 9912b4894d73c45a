/** Computes the key of an action from the results that it needs: its inputs enter the key by their content. */

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { entryAt } from '../base/json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Signature } from '../files/signature.ts';
import { STILL_WRITTEN } from '../files/unchanging-file.ts';
import type { LoadedPipeline } from '../load/load-pipeline.ts';
import type { Action, ActionInput } from '../pipeline/graph.ts';
import type { Input } from '../pipeline/pipeline.ts';
import { mentionsRecording } from '../pipeline/recording.ts';
import type { FileMemo, Known } from '../store/file-memo.ts';
import {
  type Content,
  FORMAT,
  type InputIdentity,
  type Key,
  keyOf,
  type Preimage,
  type TaskIdentity,
} from '../store/key.ts';
import type { Store } from '../store/open.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import type { InputPort } from '../task/ports.ts';
import type { Session } from './session.ts';
import { stagedExtension } from './staged-extension.ts';

/** An input's path, and `linkAs`, its name in the folder of inputs that the action sees. */
export interface Located {
  readonly path: string;
  readonly linkAs: string;
  readonly isFolder: boolean;
}

export type PreparedInput = Located | null | readonly { readonly recording: string; readonly at: Located | null }[];

/** An optional file that this recording does not have; `path` as the pipeline names it. */
export interface Absent {
  readonly port: string;
  readonly path: string;
}

/** A user's file or folder that an action reads. */
export interface ReadFile {
  readonly port: string;
  readonly path: string;
  readonly known: Known;
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
  /** The user's files among the inputs, to see whether one changed while the action read it. */
  readonly files: readonly ReadFile[];
  readonly blobs: readonly ReadBlob[];
  /** The result no longer stands once such a file appears. */
  readonly absent: readonly Absent[];
}

export type ResultOf = (action: ActionName) => StoredResult | undefined;

type Preparing = Pick<Session, 'loaded' | 'store' | 'memo'>;

/** An input as the action finds it, and as its key holds it, with the files or blobs that the two rest on. */
interface InputFound {
  readonly input: PreparedInput;
  readonly identity: InputIdentity;
  readonly files?: readonly ReadFile[];
  readonly blobs?: readonly ReadBlob[];
  readonly absent?: readonly Absent[];
}

/** Fails if a user's file is missing, of the wrong kind, or still being written. */
export async function prepare(
  action: Action,
  resultOf: ResultOf,
  session: Preparing,
): Promise<Result<Prepared, ActionFailure>> {
  const { step } = action;
  const found = new Map<string, InputFound>();
  for (const [port, declared] of Object.entries(step.interface.inputs)) {
    const input = entryAt(action.inputs, port);
    if (input === undefined) found.set(port, NOT_GIVEN);
    else if (input.kind === 'port') found.set(port, fromPort(port, input, resultOf, session));
    else if (input.kind === 'gathered') found.set(port, fromRecordings(port, input, resultOf, session));
    else {
      const written = entryAt(step.inputs, port);
      const file = await fromFile({ port, declared, written, named: input.path }, session);
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
  });
}

const NOT_GIVEN: InputFound = { input: null, identity: { absent: true } };

interface FileInput {
  readonly port: string;
  readonly declared: InputPort;
  /** As the pipeline writes it. */
  readonly written: Input | undefined;
  /** The path as the pipeline names it, with `{recording}` filled in. */
  readonly named: string;
}

async function fromFile(
  { port, declared, written, named }: FileInput,
  { loaded, memo }: Preparing,
): Promise<Result<InputFound, ActionFailure>> {
  const path = resolve(loaded.folder, named);
  const hashed = await hashedFile(memo, path);
  if (!hashed.ok) return err({ reason: 'input-unsettled', port, path: named });
  const known = hashed.value;
  if (!known) {
    if (!mayBeAbsent(declared, written)) return err({ reason: 'input-missing', port, path: named });
    return ok({ ...NOT_GIVEN, absent: [{ port, path: named }] });
  }
  const expected = declared.kind === 'folder' ? 'folder' : 'file';
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== (expected === 'folder')) {
    return err({ reason: 'input-kind', port, path: named, expected });
  }
  const extension = extensionOf(written, named);
  return ok({
    input: { path, linkAs: `${port}${extension}`, isFolder: expected === 'folder' },
    identity: { digest: known.digest, extension },
    files: [{ port, path, known }],
  });
}

function fromPort(
  port: string,
  from: Extract<ActionInput, { kind: 'port' }>,
  resultOf: ResultOf,
  { store }: Preparing,
): InputFound {
  const result = resultOf(from.action);
  const output = outputOf(result, from.port);
  if (!result || !output) return NOT_GIVEN;
  return {
    input: locate(store, output, port),
    identity: contentOf(output),
    blobs: [readBlob(port, from.action, from.port, { output, key: result.key })],
  };
}

/** Gathers the results that there are; a partial gathering may lack some. */
function fromRecordings(
  port: string,
  { from, port: outputPort }: Extract<ActionInput, { kind: 'gathered' }>,
  resultOf: ResultOf,
  { store }: Preparing,
): InputFound {
  const present = from.flatMap(({ recording, action }) => {
    const result = resultOf(action);
    return result ? [{ recording, action, key: result.key, output: outputOf(result, outputPort) }] : [];
  });
  return {
    input: present.map(({ recording, output }) => ({
      recording,
      at: output && locate(store, output, join(port, recording)),
    })),
    identity: {
      gathered: present.map(({ recording, output }) =>
        output ? { recording, ...contentOf(output) } : { recording, absent: true as const },
      ),
    },
    blobs: present.flatMap(({ action, output, key }) =>
      output ? [readBlob(port, action, outputPort, { output, key })] : [],
    ),
  };
}

const readBlob = (
  port: string,
  of: ActionName,
  outputPort: string,
  { output, key }: Pick<ReadBlob, 'output' | 'key'>,
): ReadBlob => ({ port, of, name: `${outputPort}${output.extension}`, output, key });

/** Fails if the file changes faster than it can be read. Undefined if there is no file. */
async function hashedFile(memo: FileMemo, path: string): Promise<Result<Known | undefined, 'unsettled'>> {
  try {
    return ok(await memo.digest(path));
  } catch (error) {
    if (errorCode(error) !== STILL_WRITTEN) throw error;
    return err('unsettled');
  }
}

/** The signatures of the user's files that the action rests on. */
export const signaturesOf = ({ files }: Prepared): (readonly [string, Signature | null])[] =>
  files.flatMap(({ known }) => known.signatures);

/** Only a path with `{recording}` may be absent: a file that is named outright is wanted, so its name must be misspelt. */
export const mayBeAbsent = (port: InputPort, input: Input | undefined): boolean =>
  port.kind !== 'gathered' && port.optional === true && input?.kind === 'file' && mentionsRecording(input.path);

const outputOf = (result: StoredResult | undefined, port: string) => result?.outputs[port] ?? null;

const contentOf = ({ digest, extension }: StoredOutput): Content => ({ digest, extension });

/** The extension comes from the path as written, so that the dots in a recording's name do not count. */
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
