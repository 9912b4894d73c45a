/** Takes an action's room out of what the action says: its path is another one in every run, and says nothing to a person. */
import { relative } from 'node:path';
import type { ActionFailure } from '../base/failure.ts';
import type { PreparedInput } from '../plan/prepare.ts';
import type { Room } from './scratch-folders.ts';

/**
 * Returns what replaces names in a text: a user's file is called as the pipeline calls it, everything else by its name in
 * the room, such as `outputs/peaks.csv`.
 */
export function plainNames(
  { root, inputs: folder }: Room,
  inputs: { readonly [port: string]: PreparedInput },
  project: string,
): (text: string) => string {
  const own = Object.values(inputs).flatMap((input) =>
    input !== null && 'path' in input ? [[`${folder}/${input.linkAs}`, shown(project, input.path)] as const] : [],
  );
  return (text) => {
    if (!text.includes(root)) return text;
    const named = own.reduce((all, [link, name]) => (name === undefined ? all : all.replaceAll(link, name)), text);
    return named.replaceAll(`${root}/`, '');
  };
}

/** A blob lies in the store, whose names say nothing either. */
const shown = (project: string, path: string): string | undefined => {
  const name = relative(project, path);
  return /(^|\/)blobs\/[0-9a-f]{2}\//.test(name) ? undefined : name;
};

/** The same for what a failure says. */
export function failureInPlainNames(failure: ActionFailure, plain: (text: string) => string): ActionFailure {
  if (!('message' in failure)) return failure;
  const message = plain(failure.message);
  if (failure.reason !== 'threw') return { ...failure, message };
  return { ...failure, message, stack: failure.stack === null ? null : plain(failure.stack) };
}
