/**
 * The form of an entry under `/ac/`: an `ActionResult` of Bazel's remote execution API, version 2. Servers made for
 * Bazel check it, keep the blobs that it names, and show it only while they have them all.
 */
import type { Digest } from '../files/digest.ts';
import { bytesField, eachBytesField, numberField } from './protobuf.ts';

export interface OutputFile {
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly executable?: boolean;
}

/** Fields of `ActionResult`, `OutputFile` and `Digest` in remote_execution.proto. */
const OUTPUT_FILES = 2;
const STDOUT_RAW = 5;
const [PATH, DIGEST, IS_EXECUTABLE] = [1, 2, 4];
const [HASH, SIZE_BYTES] = [1, 2];

/** `stdout` carries the record of the result, which only this engine reads. */
export function encodeActionResult(files: readonly OutputFile[], stdout: string): Uint8Array {
  const named = files.map(({ path, digest, size, executable }) => {
    const digestField = Buffer.concat([bytesField(HASH, digest), numberField(SIZE_BYTES, size)]);
    const fields = [bytesField(PATH, path), bytesField(DIGEST, digestField)];
    if (executable) fields.push(numberField(IS_EXECUTABLE, 1));
    return bytesField(OUTPUT_FILES, Buffer.concat(fields));
  });
  return Buffer.concat([...named, bytesField(STDOUT_RAW, stdout)]);
}

/**
 * The bytes of `stdout`, the last such field if it is repeated; servers add fields and change their order. Undefined if
 * the field is missing or the bytes are not a message.
 */
export function stdoutOf(actionResult: Uint8Array): Uint8Array | undefined {
  let stdout: Uint8Array | undefined;
  const isMessage = eachBytesField(actionResult, (field, from, to) => {
    if (field === STDOUT_RAW) stdout = actionResult.subarray(from, to);
  });
  return isMessage ? stdout : undefined;
}
