/** `out/RUN.json`: of which run `out/` is, and whether that run was complete. For people, programs and the next run. */
import { lstatSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files/atomic-write.ts';
import type { Entry } from './manifest.ts';

export const STATE = 'RUN.json';

export interface OutState {
  /** Says that the file is groundproof's. */
  readonly groundproof: 'out';
  readonly run: string;
  readonly process: { readonly pid: number; readonly host: string };
  /** Relative to `out/`. */
  readonly pipeline: string;
  readonly targets: readonly string[];
  readonly profile: string | null;
  readonly each: string | null;
  readonly set: readonly string[];
  readonly began: string;
  /** Null while it runs, and for good where it was killed. */
  readonly ended: string | null;
  /** Whether every action that was asked for has its files here. */
  readonly complete: boolean;
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly cancelled: readonly string[];
  /** Actions whose files are of earlier runs, by run. */
  readonly earlier: { readonly [run: string]: readonly string[] };
}

/** Undefined if the file is missing or not groundproof's. */
export function readOutState(root: string): OutState | undefined {
  const path = join(root, STATE);
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as OutState | null;
    return state?.groundproof === 'out' && typeof state.run === 'string' ? state : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function writeOutState(root: string, scratch: string, state: OutState): void {
  const aside = join(scratch, STATE);
  writeAtomic(aside, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(aside, join(root, STATE));
}

/** Groups the places that a run does not show by the run that made them. */
export function earlierRuns(
  entries: Iterable<readonly [place: string, entry: Entry]>,
  before: OutState | undefined,
): { readonly [run: string]: readonly string[] } {
  const known = new Map(
    Object.entries(before?.earlier ?? {}).flatMap(([run, places]) => places.map((place) => [place, run] as const)),
  );
  const byRun: { [run: string]: string[] } = {};
  for (const [place, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const changedLast = before !== undefined && entry.run === before.run;
    const run = changedLast ? before.run : (known.get(place) ?? before?.run ?? entry.run ?? 'unknown');
    byRun[run] ??= [];
    byRun[run].push(place);
  }
  return byRun;
}
