/** Looks at all of the user's files that a run would read, before anything runs: are they there, and not our own? */

import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { errorCode } from '../base/error-code.ts';
import type { RunFailure } from '../base/failure.ts';
import { ownProperty } from '../base/json.ts';
import { isInside } from '../files/file-names.ts';
import { listBelow } from '../files/list-folder.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { mayBeAbsent } from './prepare.ts';
import type { Session } from './session.ts';

export type UnusableInputs = Extract<RunFailure, { reason: 'inputs-unusable' }>;

/** A file that the pipeline names, and the actions' inputs that are it. */
interface Named {
  readonly path: string;
  readonly full: string;
  readonly takers: string[];
  readonly actions: Set<string | null>;
  mayBeAbsent: boolean;
}

/** Undefined where all are fine. With `keepGoing` a missing file is left to fail its own action. */
export async function unusableInputs(session: Session): Promise<UnusableInputs | undefined> {
  const { request, store, loaded } = session;
  const named = [...filesNamed(session).values()];
  const real = realPaths();
  const own = [
    { inside: 'out' as const, folder: real(request.out) },
    { inside: 'store' as const, folder: real(store.root) },
  ];
  const inside = named.flatMap(({ path, full, takers }) =>
    own.flatMap(({ inside, folder }) => {
      const meets = meeting(full, folder, real);
      if (!meets) return [];
      const instead = inside === 'out' ? portAt(loaded.pipeline.steps, relative(folder, meets.at)) : null;
      return [{ path, takers, inside, holds: meets.holds, instead: meets.holds ? null : instead }];
    }),
  );
  const gone = request.keepGoing ? [] : named.filter((one) => !one.mayBeAbsent && kindOf(one.full) === 'nothing');
  if (inside.length + gone.length === 0) return undefined;
  const { hintsFor } = await import('./missing-hints.ts');
  const recordings = [...new Set(gone.flatMap(({ actions }) => [...actions]))].filter((name) => name !== null);
  return { reason: 'inputs-unusable', inside, ...(await hintsFor(session, gone, recordings)) };
}

function filesNamed({ graph, loaded }: Session): Map<string, Named> {
  const named = new Map<string, Named>();
  for (const { name, step, recording, inputs } of graph.actions) {
    for (const [port, input] of Object.entries(inputs)) {
      if (input.kind !== 'file') continue;
      const declared = step.interface.inputs[port];
      const optional = declared !== undefined && mayBeAbsent(declared, ownProperty(step.inputs, port));
      const one = named.get(input.path) ?? {
        path: input.path,
        full: resolve(loaded.folder, input.path),
        takers: [],
        actions: new Set(),
        mayBeAbsent: true,
      };
      one.takers.push(`${port} of ${name}`);
      one.actions.add(recording);
      one.mayBeAbsent &&= optional;
      named.set(input.path, one);
    }
  }
  return named;
}

/** Whether a file or folder lies in one of our folders or holds it, itself or by a link in it; `at`: what lies there. */
function meeting(full: string, folder: string, real: (path: string) => string) {
  const path = real(full);
  if (isIn(path, folder)) return { at: path, holds: false };
  if (kindOf(full) !== 'folder') return undefined;
  if (isIn(folder, path)) return { at: folder, holds: true };
  const link = listBelow(path).links.find((one) => isIn(real(join(path, one)), folder));
  return link === undefined ? undefined : { at: real(join(path, link)), holds: false };
}

const isIn = (path: string, folder: string): boolean => isInside(relative(folder, path));

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false; // a file stands where a folder of the path should, or it may not be looked at
  }
}

/** Real paths, also of what does not exist: then of the nearest folder that does. Each folder is asked for once. */
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

/** `other`: also what cannot be looked at; the action that reads it says why. */
function kindOf(path: string): 'folder' | 'nothing' | 'other' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return 'nothing';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return errorCode(error) === 'ENOTDIR' ? 'nothing' : 'other';
  }
}

const NOWHERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES']);

/** Undefined where a path or link leads nowhere, or nowhere that may be looked at. */
function realIfThere(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (NOWHERE.has(errorCode(error))) return undefined;
    throw error;
  }
}

/** The port that a file of `out/` is shown for: `detect.peaks` of `detect/a/peaks.arrow`. */
function portAt(steps: readonly Step[], shown: string): string | null {
  const [name, ...parts] = shown.split('/');
  const step = steps.find((one) => one.name === name);
  const file = parts[step?.each ? 1 : 0];
  if (!step || file === undefined) return null;
  const ports = Object.keys(step.interface.outputs).filter((port) => file === port || file.startsWith(`${port}.`));
  const [port] = ports.sort((a, b) => b.length - a.length);
  return port === undefined ? null : `${step.name}.${port}`;
}
