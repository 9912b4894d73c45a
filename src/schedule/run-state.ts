/** The state of a run, and the context that all its actions share. */
import type { ActionName, ActionParts } from '../base/action-name.ts';
import type { Emit } from '../history/event.ts';
import type { ActionRecord } from '../history/run-record.ts';
import type { OutFolder } from '../out/folder.ts';
import type { Action } from '../pipeline/graph.ts';
import type { Absent, Prepared } from '../plan/prepare.ts';
import type { Session } from '../plan/session.ts';
import type { Remote } from '../remote/remote.ts';
import type { StoredResult } from '../store/result.ts';

/** Filled in while a run goes on. */
export interface RunState {
  readonly records: Map<ActionName, ActionRecord>;
  readonly prepared: Map<ActionName, Prepared>;
  readonly results: Map<ActionName, StoredResult>;
  /** Paths in `out/` that hold something of the user's, so that a result could not be shown there. */
  readonly inTheWay: Set<string>;
}

export const newRunState = (): RunState => ({
  records: new Map(),
  prepared: new Map(),
  results: new Map(),
  inTheWay: new Set(),
});

export interface RunContext {
  readonly session: Session;
  readonly out: OutFolder;
  readonly remote: Remote | null;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly state: RunState;
}

/** The folder of an action's outputs in `out/`. */
export const placeOf = ({ step, recording }: Action): ActionParts => ({ step: step.name, recording });

export const absentText = ({ port, path }: Absent): string =>
  `input ${port}: there is no file ${path}; going on without it`;

/** The warnings of a result: its absent inputs, which are the pipeline's matter and not kept with it, and the task's own. */
export const warningsOf = (prepared: Prepared | undefined, { log }: StoredResult): readonly string[] => [
  ...(prepared?.absent.map(absentText) ?? []),
  ...log.filter(({ level }) => level === 'warning').map(({ message }) => message),
];
