/** The events of a run of two steps with three actions each and a step that gathers, as reporters get them. */

import type { ActionName } from '../../src/base/action-name.ts';
import type { ActionFinished, Event, RunFinished, RunStarted } from '../../src/history/event.ts';

export const name = (action: string) => action as ActionName;

export const started = (steps: { readonly [step: string]: number }, more: Partial<RunStarted> = {}): RunStarted => ({
  type: 'run-started',
  run: 'r1',
  pipeline: 'ground-truth',
  steps: Object.entries(steps).map(([step, actions]) => ({ step, actions, seconds: null })),
  jobs: 2,
  on: 'local',
  ...more,
});

export const begun = (action: string): Event => ({
  type: 'action-started',
  action: name(action),
  why: [{ cause: 'first-run' }],
});

export const executed = (action: string, milliseconds = 1500): ActionFinished => ({
  type: 'action-finished',
  action: name(action),
  outcome: 'executed',
  why: [{ cause: 'first-run' }],
  warnings: [],
  milliseconds,
});

export const reused = (action: string, ...warnings: string[]): ActionFinished => ({
  type: 'action-finished',
  action: name(action),
  outcome: 'reused',
  warnings,
  milliseconds: 0,
});

export const failed = (action: string, message: string): ActionFinished => ({
  type: 'action-finished',
  action: name(action),
  outcome: 'failed',
  why: [{ cause: 'first-run' }],
  failure: { reason: 'data', message },
  log: [
    { level: 'info', message: 'reading' },
    { level: 'warning', message: 'the trace is short' },
  ],
  milliseconds: 20,
});

export const blocked = (action: string, ...by: string[]): ActionFinished => ({
  type: 'action-finished',
  action: name(action),
  outcome: 'blocked',
  by: by.map(name),
  milliseconds: 0,
});

export const cancelled = (action: string): ActionFinished => ({
  type: 'action-finished',
  action: name(action),
  outcome: 'cancelled',
  milliseconds: 0,
});

export const warned = (action: string, message: string): Event => ({
  type: 'action-log',
  action: name(action),
  level: 'warning',
  message,
});

export const finished = (more: Partial<RunFinished> = {}): RunFinished => ({
  type: 'run-finished',
  run: 'r1',
  executed: 0,
  reused: 0,
  failed: 0,
  blocked: 0,
  cancelled: 0,
  milliseconds: 65_000,
  interrupted: false,
  out: `${process.cwd()}/out`,
  report: null,
  headline: null,
  remote: null,
  ...more,
});

export const headline: RunFinished['headline'] = {
  step: 'verdict',
  port: 'verdict',
  column: 'verdict',
  columns: ['recording', 'verdict', 'note', 'reason'],
  rows: [
    ['20160415_patch2', 'accept', '', 'all criteria are met'],
    [
      '20160426_patch3',
      'reject',
      '',
      '12 % of the spikes are missed, at most 5 % may be: the amplitudes reach down to the threshold',
    ],
  ],
};

/** A run with every kind of outcome. */
export const eventful: readonly Event[] = [
  started({ unzip: 3, detect: 3, summary: 1 }),
  reused('unzip@a', 'no triggers'),
  reused('unzip@b'),
  begun('unzip@c'),
  warned('unzip@c', 'no triggers either'),
  { type: 'action-progress', action: name('unzip@c'), fraction: 0.5 },
  executed('unzip@c'),
  begun('detect@a'),
  begun('detect@b'),
  failed('detect@b', 'no peak is above the threshold: 0 of 12000 samples'),
  executed('detect@a', 340),
  cancelled('detect@c'),
  blocked('summary', 'detect@b'),
  finished({ executed: 2, reused: 2, failed: 1, blocked: 1, cancelled: 1, headline }),
];
