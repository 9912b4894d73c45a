/** A plan as text. */
import type { ActionPlanned } from '../history/event.ts';
import { causesText } from './cause.ts';
import { actionFailureText } from './failure.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';

/** What would fail before it could begin. */
export const hopelessLines = (planned: readonly ActionPlanned[], paint: Paint): string[] =>
  printableIn(planned).flatMap(({ action, failure }) =>
    failure ? [`${paint.red('fail   ')} ${action}  ${paint.dim(actionFailureText(failure))}`] : [],
  );

/** What would be executed and why, the rest as counts. */
export function planLines(planned: readonly ActionPlanned[], paint: Paint): string[] {
  const lines = printableIn(planned).flatMap((one) => {
    const { action, decision, why, waitsFor } = one;
    if (one.failure) return hopelessLines([one], paint);
    if (decision === 'execute') return [`${paint.yellow('execute')} ${action}  ${paint.dim(causesText(why))}`];
    if (decision === 'unknown') {
      const others = waitsFor.length > 1 ? ` and ${waitsFor.length - 1} more` : '';
      return [`${paint.dim('unknown')} ${action}  ${paint.dim(`depends on what ${waitsFor[0]}${others} will give`)}`];
    }
    return [];
  });
  const count = (kind: ActionPlanned['decision']) => planned.filter(({ decision }) => decision === kind).length;
  return [...lines, `${count('execute')} to execute, ${count('reuse')} to reuse, ${count('unknown')} not known yet`];
}
