/** Links inputs into the scratch folder, named by their ports and extensions. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder } from '../files/make-folder.ts';
import type { Located, PreparedInput } from '../plan/prepare.ts';
import type { JobInput } from './job.ts';

export type StagedInputs = { readonly [port: string]: JobInput };

/**
 * Names depend only on port, recording and extension, so that neither digests nor users' paths can get into an output.
 * A folder's path ends in a slash, so that `find`, `cp -r` and `cpSync` enter it and do not stop at the link.
 */
export function stageInputs(inputs: { readonly [port: string]: PreparedInput }, folder: string): StagedInputs {
  const stage = ({ path, linkAs, isFolder }: Located): string => {
    const link = join(folder, linkAs);
    inFolder(link, () => symlinkSync(path, link));
    return isFolder ? `${link}/` : link;
  };
  const staged = ([port, input]: [string, PreparedInput]): [string, JobInput] => {
    if (input === null) return [port, null];
    if ('path' in input) return [port, stage(input)];
    if ('files' in input) return [port, { files: input.files.map(stage) }];
    return [port, input.map(({ recording, at }) => ({ recording, path: at && stage(at) }))];
  };
  return Object.fromEntries(Object.entries(inputs).map(staged));
}
