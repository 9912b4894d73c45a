/** Actions and results for tests in which no task runs. */

import type { ActionName } from '../../src/base/action-name.ts';
import { digestOf } from '../../src/files/digest.ts';
import type { Action, ActionInput } from '../../src/pipeline/graph.ts';
import type { Pipeline, Resources, Step } from '../../src/pipeline/pipeline.ts';
import type { Key } from '../../src/store/key.ts';
import type { Headline, StoredResult } from '../../src/store/result.ts';

const UNSAID: Resources = { cpus: null, memory: null, time: null };

export const pipelineOf = (recordings: readonly string[], steps: readonly Step[]): Pipeline => ({
  name: 'p',
  recordings,
  steps,
  on: 'local',
  slurm: { partition: null, account: null, resources: UNSAID, options: [] },
});

export function stepOf(name: string, more: Partial<Step> = {}): Step {
  return {
    name,
    task: { kind: 'module', uses: `./${name}.ts` },
    each: false,
    interface: { inputs: {}, params: {}, outputs: {} },
    inputs: {},
    params: {},
    timeout: null,
    retries: 0,
    resources: UNSAID,
    positions: {},
    ...more,
  };
}

export function actionOf(
  step: Step,
  recording: string | null = null,
  inputs: { readonly [port: string]: ActionInput } = {},
): Action {
  const needs = Object.values(inputs).flatMap((input) => {
    if (input.kind === 'port') return [input.action];
    return input.kind === 'gathered' ? input.from.map(({ action }) => action) : [];
  });
  const name = (recording === null ? step.name : `${step.name}@${recording}`) as ActionName;
  return { name, step, recording, params: {}, inputs, needs: [...new Set(needs)] };
}

/** An action that takes the only output of others. */
export const takes = (name: string, ...needs: Action[]): Action =>
  actionOf(
    stepOf(name),
    null,
    Object.fromEntries(needs.map((need) => [need.name, { kind: 'port', action: need.name, port: 'out' } as const])),
  );

/** An input that gathers from these actions. */
export const gathers = (from: readonly Action[], partial: boolean, port = 'out'): ActionInput => ({
  kind: 'gathered',
  port,
  partial,
  from: from.map(({ name }) => ({ recording: name, action: name })),
});

export function resultOf(action: ActionName | string, headline: Headline | null = null): StoredResult {
  const key = digestOf(action) as string as Key;
  const task = { kind: 'module', code: digestOf(''), packages: [] } as const;
  return {
    key,
    preimage: { format: 1, task, params: {}, inputs: {}, outputs: {} },
    outputs: {},
    headline,
    log: [],
    action,
    started: '2000-01-01T00:00:00.000Z',
    milliseconds: 1,
  };
}
