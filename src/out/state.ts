/** `out/RUN.json`: the run that `out/` shows, and whether it was complete. For people, programs and the next run. */
import { lstatSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files/atomic-write.ts';
import type { ManifestEntry } from './manifest.ts';

export const STATE = 'RUN.json';

export interface OutState {
  /** Marks the file as groundproof's. */
  readonly groundproof: 'out';
  readonly run: string;
  readonly process: { readonly pid: number; readonly host: string };
  /** Relative to `out/`. */
  readonly pipeline: string;
  readonly targets: readonly string[];
  /** Missing if nothing was skipped. */
  readonly skip?: readonly string[];
  readonly profile: string | null;
  readonly each: string | null;
  readonly set: readonly string[];
  readonly began: string;
  /** Null during the run, and after the run was killed. */
  readonly ended: string | null;
  /** Whether every requested action has its files here. */
  readonly complete: boolean;
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly cancelled: readonly string[];
  /** Actions whose files are from earlier runs, by run. */
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
  const temporary = join(scratch, STATE);
  writeAtomic(temporary, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(temporary, join(root, STATE));
}

/** Groups actions of earlier runs by run. `before` is the state that the run before this one left. */
export function earlierRuns(
  entries: Iterable<readonly [action: string, entry: ManifestEntry]>,
  before: OutState | undefined,
): { readonly [run: string]: readonly string[] } {
  const runOf = new Map(
    Object.entries(before?.earlier ?? {}).flatMap(([run, actions]) => actions.map((action) => [action, run] as const)),
  );
  const byRun: { [run: string]: string[] } = {};
  for (const [action, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const changedLast = before !== undefined && entry.run === before.run;
    const run = changedLast ? before.run : (runOf.get(action) ?? before?.run ?? entry.run ?? 'unknown');
    byRun[run] ??= [];
    byRun[run].push(action);
  }
  return byRun;
}
