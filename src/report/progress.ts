/** Where a run stands, by step; and how long it may still take, from how long its actions took before. */
import type { Event } from '../run/event.ts';

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
  /** What runs now: the recordings, or the step itself. */
  running: readonly string[];
}

export interface Progress {
  update(event: Event): void;
  steps(): readonly StepProgress[];
  /** Null while nothing is known: an estimate from a guess would only mislead. */
  secondsLeft(): number | null;
}

export function progressOf(): Progress {
  const steps = new Map<string, StepProgress>();
  const fractions = new Map<string, number>();
  const seconds = new Map<string, number>();
  let jobs = 1;

  const stepOf = (action: string) => steps.get(action.split('@', 1)[0] ?? '');
  const refresh = (step: StepProgress) => {
    const own = [...fractions].filter(([action]) => stepOf(action) === step);
    step.partly = own.reduce((sum, [, fraction]) => sum + fraction, 0);
    step.running = own.map(([action]) => action.slice(action.indexOf('@') + 1));
  };

  return {
    steps: () => [...steps.values()],
    secondsLeft() {
      let left = 0;
      for (const { step, actions, done, partly, executed, running } of steps.values()) {
        const todo = actions - done - partly;
        // A step of which nothing ran is taken to be reused, unless it is new.
        if (todo <= 0 || (executed === 0 && running.length === 0 && seconds.has(step))) continue;
        const each = seconds.get(step);
        if (each === undefined) return null;
        // A single action takes its time, however many jobs there could be.
        left += (todo * each) / Math.min(jobs, actions - done);
      }
      return left > 0 ? left : null;
    },
    update(event) {
      if (event.type === 'run-started') {
        jobs = event.jobs;
        for (const { step, actions, seconds: before } of event.steps) {
          steps.set(step, {
            step,
            actions,
            done: 0,
            executed: 0,
            reused: 0,
            failed: 0,
            blocked: 0,
            partly: 0,
            running: [],
          });
          if (before !== null) seconds.set(step, before);
        }
        return;
      }
      if (!('action' in event)) return;
      const step = stepOf(event.action);
      if (!step) return;
      if (event.type === 'action-started') fractions.set(event.action, 0);
      else if (event.type === 'action-progress') fractions.set(event.action, event.fraction);
      else if (event.type === 'action-finished') {
        fractions.delete(event.action);
        if (event.outcome !== 'cancelled') {
          step.done++;
          step[event.outcome]++;
        }
        if (event.outcome === 'executed' && !seconds.has(step.step)) seconds.set(step.step, event.milliseconds / 1000);
      } else return;
      refresh(step);
    },
  };
}
