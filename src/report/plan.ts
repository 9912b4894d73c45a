/** A plan as text: what would be executed and why, the rest as counts. */
import type { ActionPlanned } from '../run/event.ts';
import { causesText } from './cause.ts';
import { actionFailureText } from './failure.ts';
import type { Paint } from './paint.ts';

export function planLines(planned: readonly ActionPlanned[], paint: Paint): string[] {
  const lines = planned.flatMap(({ action, decision, why, waitsFor, failure }) => {
    if (failure) return [`${paint.red('fail   ')} ${action}  ${paint.dim(actionFailureText(failure))}`];
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
