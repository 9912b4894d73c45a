/** Finds an input of an action: its path, its identity in the key, and the files or blobs that it rests on. */

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ActionName } from '../base/action-name.ts';
import { errorCode } from '../base/error-code.ts';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { STILL_WRITTEN } from '../files/unchanging-file.ts';
import type { ActionInput } from '../pipeline/graph.ts';
import type { Input } from '../pipeline/pipeline.ts';
import { mentionsRecording } from '../pipeline/recording.ts';
import type { FileDigest, FileMemo } from '../store/file-memo.ts';
import type { InputContent, InputIdentity } from '../store/key.ts';
import type { Store } from '../store/layout.ts';
import type { StoredOutput, StoredResult } from '../store/result.ts';
import type { InputPort } from '../task/ports.ts';
import type { Absent, Located, Prepared, PreparedInput, ReadBlob, ReadFile, ResultOf } from './prepare.ts';
import type { Session } from './session.ts';
import { stagedExtension } from './staged-extension.ts';

export type Preparing = Pick<Session, 'loaded' | 'store' | 'memo'>;

/** An input as the action finds it, and as its key holds it, with the files or blobs that the two rest on. */
export interface InputFound {
  readonly input: PreparedInput;
  readonly identity: InputIdentity;
  readonly files?: readonly ReadFile[];
  readonly blobs?: readonly ReadBlob[];
  readonly absent?: readonly Absent[];
  /** Signatures of the folders that were listed. */
  readonly listings?: Prepared['listings'];
}

export const NOT_GIVEN: InputFound = { input: null, identity: { absent: true } };

interface FileInput {
  readonly port: string;
  readonly declared: InputPort;
  /** As the pipeline writes it. */
  readonly written: Input | undefined;
  /** The path as the pipeline names it, with `{recording}` filled in. */
  readonly named: string;
  /** A shell step takes a file or a folder; a slash at the end of the name demands a folder. */
  readonly takesBoth: boolean;
}

export async function fromFile(
  { port, declared, written, named, takesBoth }: FileInput,
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
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const anyKind = takesBoth && !named.endsWith('/');
  const expected = declared.kind === 'folder' || takesBoth ? 'folder' : 'file';
  if (!anyKind && isFolder !== (expected === 'folder')) {
    return err({ reason: 'input-kind', port, path: named, expected });
  }
  const extension = extensionOf(written, named);
  return ok({
    input: { path, linkAs: `${port}${extension}`, isFolder },
    // The slash, as in the path that a command gets, tells a folder from a file that lists the same entries.
    identity: { digest: known.digest, extension: takesBoth && isFolder ? `${extension}/` : extension },
    files: [{ port, path, known }],
  });
}

export function fromPort(
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
export function fromRecordings(
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
export async function hashedFile(memo: FileMemo, path: string): Promise<Result<FileDigest | undefined, 'unsettled'>> {
  try {
    return ok(await memo.digest(path));
  } catch (error) {
    if (errorCode(error) !== STILL_WRITTEN) throw error;
    return err('unsettled');
  }
}

/** Only a path with `{recording}` may be absent: a file that is named outright is wanted, so its name must be misspelt. */
export const mayBeAbsent = (port: InputPort, input: Input | undefined): boolean =>
  port.kind !== 'gathered' && port.optional === true && input?.kind === 'file' && mentionsRecording(input.path);

const outputOf = (result: StoredResult | undefined, port: string) => result?.outputs[port] ?? null;

const contentOf = ({ digest, extension }: StoredOutput): InputContent => ({ digest, extension });

/** The extension comes from the path as written, so that the dots in a recording's name do not count. */
const extensionOf = (input: Input | undefined, path: string): string =>
  stagedExtension(input?.kind === 'file' ? input.path : path, path);

const locate = (store: Store, { digest, extension, kind }: StoredOutput, name: string): Located => ({
  path: store.blob(digest),
  linkAs: `${name}${extension}`,
  isFolder: kind === 'folder',
});
