/** Where a run stands, by step; and how long it may still take, from how long its actions took before. */
import { partsOf } from '../base/action-name.ts';
import type { Event } from '../history/event.ts';

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
  /** Null while of most of what is left nothing is known: an estimate from a guess would only mislead. */
  secondsLeft(): number | null;
}

export function progressOf(): Progress {
  const steps = new Map<string, StepProgress>();
  const fractions = new Map<string, number>();
  const before = new Map<string, number>();
  /** Seconds that the actions executed so far took, by step. */
  const spent = new Map<string, number>();
  let jobs = 1;

  const stepOf = (action: string) => steps.get(partsOf(action).step);
  const refresh = (step: StepProgress) => {
    const own = [...fractions].filter(([action]) => stepOf(action) === step);
    step.partly = own.reduce((sum, [, fraction]) => sum + fraction, 0);
    step.running = own.map(([action]) => partsOf(action).recording ?? action);
  };

  return {
    steps: () => [...steps.values()],
    secondsLeft() {
      let [work, longest, known, unknown] = [0, 0, 0, 0];
      let begun = false;
      for (const { step, actions, done, partly, executed, failed, running } of steps.values()) {
        begun ||= executed + failed + running.length > 0;
        // What was executed so far says how much of the rest will be; of a step not reached, that one before it was.
        const reached = done + running.length;
        const share = reached > 0 ? (executed + failed + running.length) / reached : begun ? 1 : 0;
        const todo = running.length + (actions - reached) * share;
        if (todo <= 0) continue;
        const each = spent.has(step) ? (spent.get(step) ?? 0) / executed : before.get(step);
        if (each === undefined) {
          unknown += todo;
          continue;
        }
        known += todo;
        work += Math.max(0, todo - partly) * each;
        // A single action takes its time, however many jobs there could be.
        longest = Math.max(longest, each * (todo - partly < 1 ? todo - partly : 1));
      }
      return work > 0 && unknown < known ? Math.max(work / jobs, longest) : null;
    },
    update(event) {
      if (event.type === 'run-started') {
        jobs = event.jobs;
        for (const { step, actions, seconds } of event.steps) {
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
          if (seconds !== null) before.set(step, seconds);
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
        if (event.outcome === 'executed') {
          spent.set(step.step, (spent.get(step.step) ?? 0) + event.milliseconds / 1000);
        }
      } else return;
      refresh(step);
    },
  };
}
