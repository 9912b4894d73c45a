/** The progress of a run as lines: a line for each step, as wide as the terminal. */
import type { Paint } from './paint.ts';
import type { StepProgress } from './progress.ts';
import { clip, padEnd, widthOf } from './width.ts';

const BAR = 20;
const NARROWEST_WITH_BAR = 60;

export interface StepLayout {
  /** All steps of the run, shown or not: they decide the widths of the columns. */
  readonly all: readonly StepProgress[];
  /** Columns of the terminal. */
  readonly width: number;
  readonly paint: Paint;
}

export function stepLines(steps: readonly StepProgress[], { all, width, paint }: StepLayout): string[] {
  const nameWidth = Math.min(24, width >> 1, Math.max(4, ...all.map(({ step }) => widthOf(step))));
  const doneWidth = Math.max(...all.map(({ actions }) => 2 * String(actions).length + 1));
  return steps.map((step) => {
    const name = padEnd(clip(step.step, nameWidth), nameWidth);
    const bar = width < NARROWEST_WITH_BAR ? '' : ` ${barOf(step, paint)}`;
    const done = `${step.done}/${step.actions}`.padStart(doneWidth);
    const used = 1 + nameWidth + (bar === '' ? 0 : 1 + BAR) + 1 + done.length + 1;
    const rest = clip(
      [...countsOf(step), step.running.join(' ')].filter((text) => text !== '').join(', '),
      width - used - 1,
    );
    return ` ${paintedName(name, step, paint)}${bar} ${done} ${paint.dim(rest)}`;
  });
}

function paintedName(name: string, { failed, done, actions }: StepProgress, paint: Paint): string {
  if (failed > 0) return paint.red(name);
  return done === actions ? name : paint.bold(name);
}

/** Chooses the steps to show if not all fit: running steps first, then unfinished, then finished steps. */
export function mostTelling(steps: readonly StepProgress[], max: number): readonly StepProgress[] {
  if (steps.length <= max) return steps;
  const chosen = new Set(steps.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, max));
  return steps.filter((step) => chosen.has(step));
}

function rankOf({ running, done, actions }: StepProgress): number {
  if (running.length > 0) return 0;
  return done < actions ? 1 : 2;
}

function barOf({ actions, done, partly }: StepProgress, paint: Paint): string {
  const filled = actions === 0 ? 0 : Math.round(((done + partly) / actions) * BAR);
  return '━'.repeat(filled) + paint.dim('─'.repeat(BAR - filled));
}

const countsOf = ({ executed, reused, failed, blocked }: StepProgress): string[] => [
  executed > 0 ? `${executed} executed` : '',
  reused > 0 ? `${reused} reused` : '',
  failed > 0 ? `${failed} failed` : '',
  blocked > 0 ? `${blocked} blocked` : '',
];
