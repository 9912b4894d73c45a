/** Reports a running sweep: a line for each value, and every failure when it happens. */

import { unreachable } from '../base/result.ts';
import { durationText } from '../base/time.ts';
import type { Event, RunFinished } from '../history/event.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn } from '../report/printable.ts';
import {
  failureLines,
  fileChangedText,
  notSelectedLines,
  remoteTroubleText,
  storeFreedText,
} from '../report/summary.ts';
import type { SweepPoint } from './sweep.ts';

export interface SweepOutput {
  /** Prints lines that stay. */
  readonly say: (lines: readonly string[]) => void;
  /** Overwrites the last line of the terminal; never reaches a log. */
  readonly show: (text: string) => void;
  readonly paint: Paint;
  /** The command that runs an action with these settings again. */
  readonly reproduce: (action: string, settings: readonly string[]) => string;
}

export function sweepProgress({ say, show, paint, reproduce }: SweepOutput): (event: Event, point: SweepPoint) => void {
  let actions = 0;
  let done = 0;
  /** Every run of a sweep meets the same troubles: print each once. */
  const troubles = new Set<string>();
  return (raw, point) => {
    const event = printableIn(raw);
    const { index, of, settings } = printableIn(point);
    const name = settings.join(' ');
    switch (event.type) {
      case 'run-started':
        actions = event.steps.reduce((sum, step) => sum + step.actions, 0);
        done = 0;
        // Every run of a sweep has the same actions.
        if (index === 0) say(notSelectedLines(event.notSelected ?? []));
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
      case 'run-finished':
        return say([`${name}  ${countsText(event, paint)}  (${index + 1} of ${of})`]);
      case 'action-started':
      case 'action-progress':
      case 'action-log':
      case 'action-planned':
      case 'jobs-submitted':
      case 'jobs-joined':
      case 'cluster-warning':
      case 'remote-upload':
      // Runs of a sweep do not touch `out/`.
      case 'out-busy':
      case 'out-also-shows':
      // The command prints the failure itself.
      case 'run-failed':
        return undefined;
      default:
        return unreachable(event);
    }
  };
}

function countsText(finished: RunFinished, paint: Paint): string {
  const { executed, reused, failed, blocked, milliseconds, interrupted } = finished;
  const counts = [
    `${executed} executed`,
    `${reused} reused`,
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(blocked > 0 ? [paint.yellow(`${blocked} blocked`)] : []),
    ...(interrupted ? ['interrupted'] : []),
  ];
  return `${counts.join(', ')} in ${durationText(milliseconds)}`;
}
