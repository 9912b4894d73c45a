/** Where a run stands, as lines: a step each, as wide as the terminal and as many as it has room for. */
import type { Paint } from './paint.ts';
import type { StepProgress } from './progress.ts';
import { clip, padEnd, widthOf } from './width.ts';

const BAR = 20;
const NARROWEST_WITH_BAR = 60;

/** A line for each of these steps; `all` decides how wide the columns are. */
export function stepLines(
  steps: readonly StepProgress[],
  all: readonly StepProgress[],
  width: number,
  paint: Paint,
): string[] {
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
    const named = step.failed > 0 ? paint.red(name) : step.done === step.actions ? name : paint.bold(name);
    return ` ${named}${bar} ${done} ${paint.dim(rest)}`;
  });
}

/** The steps that say most about a run when not all have room: those that run, then what is to come, then what is done. */
export function mostTelling(steps: readonly StepProgress[], most: number): readonly StepProgress[] {
  if (steps.length <= most) return steps;
  const rank = ({ running, done, actions }: StepProgress) => (running.length > 0 ? 0 : done < actions ? 1 : 2);
  const chosen = new Set(steps.toSorted((a, b) => rank(a) - rank(b)).slice(0, most));
  return steps.filter((step) => chosen.has(step));
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
