/** The decisions of `plan` as text. */
import type { ActionPlanned } from '../history/event.ts';
import { actionFailureText } from './action-failure.ts';
import { causesText } from './cause.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import { notSelectedLines } from './summary.ts';

/** Actions that would fail before they could begin. */
export const hopelessLines = (planned: readonly ActionPlanned[], paint: Paint): string[] =>
  printableIn(planned).flatMap(({ action, failure }) =>
    failure ? [`${paint.red('fail   ')} ${action}  ${paint.dim(actionFailureText(failure))}`] : [],
  );

/** A line for each action that would be executed, fail or is undecided, and counts. */
export function planLines(planned: readonly ActionPlanned[], paint: Paint): string[] {
  const lines = printableIn(planned).flatMap((event) => {
    const { action, decision, why, waitsFor } = event;
    if (event.failure) return hopelessLines([event], paint);
    if (decision === 'execute') return [`${paint.yellow('execute')} ${action}  ${paint.dim(causesText(why))}`];
    if (decision === 'unknown') {
      const others = waitsFor.length > 1 ? ` and ${waitsFor.length - 1} more` : '';
      return [`${paint.dim('unknown')} ${action}  ${paint.dim(`depends on what ${waitsFor[0]}${others} will give`)}`];
    }
    return [];
  });
  const leftOut = planned.filter(({ decision }) => decision === 'not-selected').map(({ action }) => action);
  const count = (kind: ActionPlanned['decision']) => planned.filter(({ decision }) => decision === kind).length;
  return [
    ...lines,
    `${count('execute')} to execute, ${count('reuse')} to reuse, ${count('unknown')} not known yet`,
    ...notSelectedLines(printableIn(leftOut)),
  ];
}
