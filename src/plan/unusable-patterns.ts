/** Checks the patterns of users' files before anything runs: each must match a file, and none in `out/` or the store. */
import { join, relative } from 'node:path';
import { isInside } from '../files/file-names.ts';
import { canMatchBelow, fixedFolder, listMatching } from '../files/file-pattern.ts';
import type { ActionInput } from '../pipeline/graph.ts';
import { nearestPath } from './missing-hints.ts';
import type { Session } from './session.ts';
import type { UnusableInputs } from './unusable-inputs.ts';

type UnusablePattern = UnusableInputs['patterns'][number];

/** A folder of the engine's own. */
export interface OwnFolder {
  readonly inside: 'out' | 'store';
  /** Its real path. */
  readonly folder: string;
}

type FilesInput = Extract<ActionInput, { kind: 'files' }>;

/** `real` gives real paths, also of what is not there. With `keepGoing` a pattern without a match only fails its own action. */
export function unusablePatterns(
  { graph, loaded, request }: Session,
  own: readonly OwnFolder[],
  real: (path: string) => string,
): readonly UnusablePattern[] {
  const patterns = new Map<string, { readonly input: FilesInput; readonly takers: string[] }>();
  for (const { name, inputs } of graph.actions) {
    for (const [port, input] of Object.entries(inputs)) {
      if (input.kind !== 'files') continue;
      const id = JSON.stringify([input.pattern, input.except, input.at]);
      const known = patterns.get(id) ?? { input, takers: [] };
      known.takers.push(`${port} of ${name}`);
      patterns.set(id, known);
    }
  }
  return [...patterns.values()].flatMap(({ input, takers }): readonly UnusablePattern[] => {
    const { pattern, at } = input;
    const met = own.find((folder) => reaches(loaded.folder, input, folder, real));
    if (met) return [{ pattern, at, takers, problem: met.inside, folder: relative(loaded.folder, met.folder) }];
    const chosen = listMatching(loaded.folder, input);
    const linked = own.find(({ folder }) =>
      chosen.links.some((link) => isInside(relative(folder, real(join(loaded.folder, link))))),
    );
    if (linked)
      return [{ pattern, at, takers, problem: linked.inside, folder: relative(loaded.folder, linked.folder) }];
    if (chosen.files.length > 0 || request.keepGoing) return [];
    const nearest = nearestPath(loaded.folder, fixedFolder(pattern)) ?? null;
    return [{ pattern, at, takers, problem: 'no-match', nearest }];
  });
}

/** Whether a file in a folder of the engine's own matches, or could once a run has written it. */
function reaches(root: string, input: FilesInput, { folder }: OwnFolder, real: (path: string) => string): boolean {
  const base = fixedFolder(input.pattern);
  const realBase = base === '' ? root : real(join(root, base));
  if (isInside(relative(folder, realBase))) return canMatchBelow(input, base);
  const below = relative(realBase, folder);
  return isInside(below) && canMatchBelow(input, join(base, below));
}
