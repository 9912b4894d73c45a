/** Tracks the progress of a run by step, and estimates its remaining time from earlier durations. */
import { partsOf } from '../base/action-name.ts';
import type { ActionFinished, Event } from '../history/event.ts';

export interface StepProgress {
  readonly step: string;
  readonly actions: number;
  done: number;
  executed: number;
  reused: number;
  failed: number;
  blocked: number;
  /** Sum of the fractions of the running actions. */
  partly: number;
  /** Names of the running actions: their recordings, or the step itself if it has no recordings. */
  running: readonly string[];
}

export interface Progress {
  update(event: Event): void;
  steps(): readonly StepProgress[];
  /** Null while the durations of most remaining actions are unknown: a guess would mislead. */
  secondsLeft(): number | null;
}

/** Seconds that an action of each step takes, from earlier runs and from this run. */
interface Times {
  readonly earlier: ReadonlyMap<string, number>;
  /** Sum over the actions that this run has executed. */
  readonly spent: ReadonlyMap<string, number>;
}

export function trackProgress(): Progress {
  const steps = new Map<string, StepProgress>();
  const fractions = new Map<string, number>();
  const earlier = new Map<string, number>();
  const spent = new Map<string, number>();
  let jobs = 1;

  const stepOf = (action: string) => steps.get(partsOf(action).step);
  const refreshRunning = (step: StepProgress) => {
    const running = [...fractions].filter(([action]) => stepOf(action) === step);
    step.partly = running.reduce((sum, [, fraction]) => sum + fraction, 0);
    step.running = running.map(([action]) => partsOf(action).recording ?? action);
  };
  const finish = (event: ActionFinished, step: StepProgress) => {
    fractions.delete(event.action);
    if (event.outcome !== 'cancelled') {
      step.done++;
      step[event.outcome]++;
    }
    if (event.outcome === 'executed') {
      spent.set(step.step, (spent.get(step.step) ?? 0) + event.milliseconds / 1000);
    }
  };

  return {
    steps: () => [...steps.values()],
    secondsLeft: () => secondsLeft([...steps.values()], { earlier, spent }, jobs),
    update(event) {
      if (event.type === 'run-started') {
        jobs = event.jobs;
        for (const { step, actions, seconds } of event.steps) {
          steps.set(step, { ...NOT_BEGUN, step, actions });
          if (seconds !== null) earlier.set(step, seconds);
        }
        return;
      }
      const step = 'action' in event ? stepOf(event.action) : undefined;
      if (!step) return;
      if (event.type === 'action-started') fractions.set(event.action, 0);
      else if (event.type === 'action-progress') fractions.set(event.action, event.fraction);
      else if (event.type === 'action-finished') finish(event, step);
      else return;
      refreshRunning(step);
    },
  };
}

const NOT_BEGUN = { done: 0, executed: 0, reused: 0, failed: 0, blocked: 0, partly: 0, running: [] };

function secondsLeft(steps: readonly StepProgress[], { earlier, spent }: Times, jobs: number): number | null {
  let [work, longest, known, unknown] = [0, 0, 0, 0];
  let isExecuting = false;
  for (const step of steps) {
    const { actions, done, partly, executed, running } = step;
    isExecuting ||= executedShare(step) > 0;
    const reached = done + running.length;
    // Nothing is known of a step that was not reached: it follows the steps before it.
    const share = reached > 0 ? executedShare(step) : Number(isExecuting);
    const todo = running.length + (actions - reached) * share;
    if (todo <= 0) continue;
    const spentHere = spent.get(step.step);
    const each = spentHere === undefined ? earlier.get(step.step) : spentHere / executed;
    if (each === undefined) {
      unknown += todo;
      continue;
    }
    known += todo;
    work += Math.max(0, todo - partly) * each;
    // One action takes its time, no matter how many jobs there are.
    longest = Math.max(longest, each * Math.min(1, todo - partly));
  }
  return work > 0 && unknown < known ? Math.max(work / jobs, longest) : null;
}

/** The part of a step's actions that is executed and not reused, as far as the run has reached it: 0 to 1. */
function executedShare({ done, executed, failed, running }: StepProgress): number {
  const reached = done + running.length;
  return reached === 0 ? 0 : (executed + failed + running.length) / reached;
}
