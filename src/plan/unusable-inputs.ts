/** Checks the user's files before anything runs: each must exist, and lie outside `out/` and the store. */

import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { isInside } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { mayBeAbsent } from './find-input.ts';
import type { Session } from './session.ts';

export type UnusableInputs = Extract<RunFailure, { reason: 'inputs-unusable' }>;

/** A file that the pipeline names, and the inputs that take it. */
interface NamedFile {
  readonly path: string;
  readonly full: string;
  readonly takers: string[];
  readonly actions: Set<string | null>;
  mayBeAbsent: boolean;
}

/** Undefined if all are usable. With `keepGoing` a missing file only fails its own action. */
export async function unusableInputs(session: Session): Promise<UnusableInputs | undefined> {
  const { request, store, loaded } = session;
  const named = [...filesNamed(session).values()];
  const real = realPaths();
  const ours = [
    { inside: 'out' as const, folder: real(request.out) },
    { inside: 'store' as const, folder: real(store.root) },
  ];
  const inside = named.flatMap(({ path, full, takers }) =>
    ours.flatMap(({ inside, folder }) => {
      const meets = meeting(full, folder, real);
      if (!meets) return [];
      const instead = inside === 'out' ? portAt(loaded.pipeline.steps, relative(folder, meets.at)) : null;
      return [{ path, takers, inside, holds: meets.holds, instead: meets.holds ? null : instead }];
    }),
  );
  const hasPatterns = session.graph.actions.some(({ inputs }) =>
    Object.values(inputs).some(({ kind }) => kind === 'files'),
  );
  const patterns = hasPatterns ? (await import('./unusable-patterns.ts')).unusablePatterns(session, ours, real) : [];
  const missing = request.keepGoing ? [] : named.filter((file) => !file.mayBeAbsent && kindOf(file.full) === 'nothing');
  if (inside.length + missing.length + patterns.length === 0) return undefined;
  const { hintsFor } = await import('./missing-hints.ts');
  const recordings = [...new Set(missing.flatMap(({ actions }) => [...actions]))].filter((name) => name !== null);
  return { reason: 'inputs-unusable', inside, patterns, ...(await hintsFor(session, missing, recordings)) };
}

function filesNamed({ graph, loaded }: Session): Map<string, NamedFile> {
  const named = new Map<string, NamedFile>();
  for (const { name, step, recording, inputs } of graph.actions) {
    for (const [port, input] of Object.entries(inputs)) {
      if (input.kind !== 'file') continue;
      const declared = step.interface.inputs[port];
      const optional = declared !== undefined && mayBeAbsent(declared, ownProperty(step.inputs, port));
      const file = named.get(input.path) ?? {
        path: input.path,
        full: resolve(loaded.folder, input.path),
        takers: [],
        actions: new Set(),
        mayBeAbsent: true,
      };
      file.takers.push(`${port} of ${name}`);
      file.actions.add(recording);
      file.mayBeAbsent &&= optional;
      named.set(input.path, file);
    }
  }
  return named;
}

/** The overlap of a file or folder with `folder`: the path that lies in it, or `holds` if it is the outer of the two. */
function meeting(full: string, folder: string, real: (path: string) => string) {
  const path = real(full);
  if (isIn(path, folder)) return { at: path, holds: false };
  if (kindOf(full) !== 'folder') return undefined;
  if (isIn(folder, path)) return { at: folder, holds: true };
  const link = listBelow(path).links.find((name) => isIn(real(join(path, name)), folder));
  return link === undefined ? undefined : { at: real(join(path, link)), holds: false };
}

const isIn = (path: string, folder: string): boolean => isInside(relative(folder, path));

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false; // a part of the path is a file, or may not be read
  }
}

/** Returns real paths, also of a missing file, by the nearest folder that exists. Looks up each folder once. */
function realPaths(): (path: string) => string {
  const folders = new Map<string, string>();
  const realFolder = (path: string): string => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const real = realIfThere(path) ?? (dirname(path) === path ? path : join(realFolder(dirname(path)), basename(path)));
    folders.set(path, real);
    return real;
  };
  return (path) => {
    return (isLink(path) ? realIfThere(path) : undefined) ?? join(realFolder(dirname(path)), basename(path));
  };
}

/** A path that cannot be read is `other`; the action that reads it reports why. */
function kindOf(path: string): 'folder' | 'nothing' | 'other' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return 'nothing';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return errorCode(error) === 'ENOTDIR' ? 'nothing' : 'other';
  }
}

const LEADS_NOWHERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES']);

/** Undefined if a path or link leads nowhere, or may not be followed. */
function realIfThere(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (LEADS_NOWHERE.has(errorCode(error))) return undefined;
    throw error;
  }
}

/** The port of a file in `out/`: `detect.peaks` of `detect/a/peaks.arrow`. */
function portAt(steps: readonly Step[], shown: string): string | null {
  const [name, ...parts] = shown.split('/');
  const step = steps.find((step) => step.name === name);
  const file = parts[step?.each ? 1 : 0];
  if (!step || file === undefined) return null;
  const ports = Object.keys(step.interface.outputs).filter((port) => file === port || file.startsWith(`${port}.`));
  const [port] = ports.sort((a, b) => b.length - a.length);
  return port === undefined ? null : `${step.name}.${port}`;
}
