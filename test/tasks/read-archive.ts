/** Reads an archive and returns the members' content, the number of chunks and the progress, for tests. */
import { DataError } from 'groundproof/task';
import { expect } from 'vitest';
import { readArchive } from '../../tasks/lib/recording/archive/archive.ts';

export async function readWhole(path: string, signal?: AbortSignal) {
  const mea: Buffer[] = [];
  const juxta: Buffer[] = [];
  const progress: number[] = [];
  const sinks = {
    mea: (chunk: Uint8Array) => void mea.push(Buffer.from(chunk)),
    juxta: (chunk: Uint8Array) => void juxta.push(Buffer.from(chunk)),
  };
  const content = await readArchive(path, sinks, { signal, progress: (fraction) => void progress.push(fraction) });
  return { ...content, mea: Buffer.concat(mea), juxta: Buffer.concat(juxta), chunks: mea.length, progress };
}

/** The message of the DataError with which reading fails. */
export async function refusal(path: string): Promise<string> {
  const error = await readWhole(path).then(
    () => new Error('it was read'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(DataError);
  return error.message;
}
