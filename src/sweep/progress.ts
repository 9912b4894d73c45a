/** A sweep while it runs: a line a value, and every failure where it happens. */

import { durationText } from '../base/time.ts';
import type { Event } from '../history/event.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn } from '../report/printable.ts';
import { failureLines, fileChangedText, remoteTroubleText, storeFreedText } from '../report/summary.ts';
import type { SweepPoint } from './sweep.ts';

/** Whole lines go through `say`; `show` is for what is overwritten, and never reaches a log. */
export function sweepProgress(
  say: (lines: readonly string[]) => void,
  show: (text: string) => void,
  paint: Paint,
  reproduce: (action: string, settings: readonly string[]) => string,
): (event: Event, point: SweepPoint) => void {
  let actions = 0;
  let done = 0;
  /** Each run of a sweep meets the same ones. */
  const troubles = new Set<string>();
  return (happened, point) => {
    const event = printableIn(happened);
    const { index, of, settings } = printableIn(point);
    const name = settings.join(' ');
    switch (event.type) {
      case 'run-started':
        actions = event.steps.reduce((sum, step) => sum + step.actions, 0);
        done = 0;
        return show(`${name}  0 of ${actions}`);
      case 'action-finished':
        if (event.outcome === 'failed') {
          say([...failureLines(event, paint), paint.dim(`  reproduce with: ${reproduce(event.action, settings)}`)]);
        }
        return show(`${name}  ${++done} of ${actions}`);
      case 'store-freed':
        return say([storeFreedText(event)]);
      case 'file-changed':
        return say([`${paint.yellow('warning')} ${fileChangedText(event)}`]);
      case 'remote-trouble': {
        const trouble = remoteTroubleText(event);
        if (!troubles.has(trouble)) say([`${paint.yellow('warning')} ${trouble}`]);
        return void troubles.add(trouble);
      }
      case 'run-finished': {
        const { executed, reused, failed, blocked, milliseconds, interrupted } = event;
        const counts = [
          `${executed} executed`,
          `${reused} reused`,
          ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
          ...(blocked > 0 ? [paint.yellow(`${blocked} blocked`)] : []),
          ...(interrupted ? ['interrupted'] : []),
        ];
        return say([`${name}  ${counts.join(', ')} in ${durationText(milliseconds)}  (${index + 1} of ${of})`]);
      }
      default:
        return undefined;
    }
  };
}
