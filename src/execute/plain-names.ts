/** Takes the scratch folder out of an action's messages: its path differs in every run, and means nothing to a person. */
import { relative } from 'node:path';
import type { ActionFailure } from '../base/failure.ts';
import type { Located, PreparedInput } from '../plan/prepare.ts';
import type { ScratchFolder } from './scratch-folders.ts';

/**
 * Returns a function that replaces paths in a text: a user's file gets the name that the pipeline has for it, everything
 * else its path in the scratch folder, such as `outputs/peaks.csv`.
 */
export function plainNames(
  { root, inputs: folder }: ScratchFolder,
  inputs: { readonly [port: string]: PreparedInput },
  project: string,
): (text: string) => string {
  const names = Object.values(inputs)
    .flatMap((input) => {
      if (input === null || Array.isArray(input)) return [];
      return 'files' in input ? input.files : [input as Located];
    })
    .map(({ linkAs, path }) => [`${folder}/${linkAs}`, nameInProject(project, path)] as const);
  return (text) => {
    if (!text.includes(root)) return text;
    const named = names.reduce((all, [link, name]) => (name === undefined ? all : all.replaceAll(link, name)), text);
    return named.replaceAll(`${root}/`, '');
  };
}

/** Undefined for a blob in the store, whose path means nothing to a person either. */
const nameInProject = (project: string, path: string): string | undefined => {
  const name = relative(project, path);
  return /(^|\/)blobs\/[0-9a-f]{2}\//.test(name) ? undefined : name;
};

/** Replaces paths in the message and the stack of a failure. */
export function failureInPlainNames(failure: ActionFailure, plain: (text: string) => string): ActionFailure {
  if (!('message' in failure)) return failure;
  const message = plain(failure.message);
  if (failure.reason !== 'threw') return { ...failure, message };
  return { ...failure, message, stack: failure.stack === null ? null : plain(failure.stack) };
}
