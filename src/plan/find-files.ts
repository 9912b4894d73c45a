/** Finds the files of a user's that match a pattern, as an input of an action. */
import { join } from 'node:path';
import type { ActionFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Digest } from '../files/digest.ts';
import { type ChosenFiles, type FileChoice, listMatching } from '../files/file-pattern.ts';
import type { Signature } from '../files/signature.ts';
import { pause } from '../files/unchanging-file.ts';
import { hashedFile, type InputFound, type Preparing } from './find-input.ts';
import type { Located, ReadFile } from './prepare.ts';

/** The signatures of the folders in which the files were found change with every new or removed name. */
type Signatures = readonly (readonly [path: string, signature: Signature | null])[];

export async function fromFiles(
  port: string,
  choice: FileChoice,
  { loaded, memo }: Preparing,
): Promise<Result<InputFound, ActionFailure>> {
  const { names, listings } = await settledNames(loaded.folder, choice);
  if (names.length === 0) return err({ reason: 'input-missing', port, path: choice.pattern });
  const located: Located[] = [];
  const contents: { readonly path: string; readonly digest: Digest }[] = [];
  const files: ReadFile[] = [];
  for (const name of names) {
    const path = join(loaded.folder, name);
    const hashed = await hashedFile(memo, path);
    if (!hashed.ok) return err({ reason: 'input-unsettled', port, path: name });
    if (!hashed.value) return err({ reason: 'input-missing', port, path: name });
    located.push({ path, linkAs: `${port}/${name}`, isFolder: false });
    contents.push({ path: name, digest: hashed.value.digest });
    files.push({ port, path, known: hashed.value });
  }
  return ok({ input: { files: located }, identity: { files: contents }, files, listings });
}

/** Lists the files; again after a pause if names changed just now, so that the signatures prove the list. */
async function settledNames(
  folder: string,
  choice: FileChoice,
): Promise<{ readonly names: readonly string[]; readonly listings: Signatures }> {
  const first = listMatching(folder, choice);
  const wait = [...first.folders.values()].reduce((most, { waitMs }) => Math.max(most, waitMs), 0);
  if (wait === 0) return { names: first.files, listings: signaturesOf(first, first) };
  await pause(wait);
  const again = listMatching(folder, choice);
  return { names: again.files, listings: signaturesOf(again, first) };
}

const signaturesOf = ({ folders }: ChosenFiles, earlier: ChosenFiles): Signatures =>
  [...folders].map(([path, { signature, proves, waitMs }]) => {
    const isSettled = waitMs === 0 || earlier.folders.get(path)?.signature === signature;
    return [path, proves && isSettled ? signature : null];
  });
