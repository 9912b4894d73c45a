/** The reporter for logs and CI: a line when an action ends, nothing that moves. */

import { durationText } from '../base/time.ts';
import type { Event } from '../history/event.ts';
import { causesText } from './cause.ts';
import { headlineLines } from './headline.ts';
import { listText, many } from './list.ts';
import { outAlsoShowsLines, outBusyText } from './out.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import type { Reporter, Streams } from './reporter.ts';
import {
  countsText,
  type Failed,
  failureLines,
  failureList,
  fileChangedText,
  jobsText,
  remoteTroubleText,
  remoteUploadText,
  storeFreedText,
} from './summary.ts';

export interface Look {
  readonly paint: Paint;
  /** For the headline table, which goes to stdout. */
  readonly paintOut: Paint;
  /** The command that runs one action of this request again. */
  readonly reproduce: (action: string) => string;
}

export function plainReporter({ stdout, stderr }: Streams, { paint, paintOut, reproduce }: Look): Reporter {
  const say = (lines: readonly string[]) => void stderr.write(lines.map((line) => `${line}\n`).join(''));
  const failures: Failed[] = [];
  const report = (happened: Event) => {
    const event = printableIn(happened);
    switch (event.type) {
      case 'run-started': {
        const actions = event.steps.reduce((sum, step) => sum + step.actions, 0);
        const how = event.on === 'local' ? `${event.jobs} at a time` : 'on Slurm';
        return say([`${event.pipeline}: ${many(actions, 'action')}, ${how}`]);
      }
      case 'jobs-submitted':
      case 'jobs-joined':
        return say([jobsText(event)]);
      case 'cluster-warning':
        return say([`warning  ${event.message}`]);
      case 'out-busy':
        return say([outBusyText(event)]);
      case 'out-also-shows':
        return say(outAlsoShowsLines(event).map((line) => `note     ${line}`));
      case 'action-log':
        if (event.level === 'info') return undefined;
        return say([`${event.level.padEnd(8)} ${event.action}: ${event.message}`]);
      case 'action-finished':
        switch (event.outcome) {
          case 'executed':
            return say([`executed ${event.action}  ${durationText(event.milliseconds)}  (${causesText(event.why)})`]);
          case 'reused':
            return say(event.warnings.map((warning) => `warning  ${event.action}: ${warning}`));
          case 'failed':
            failures.push(event);
            return say(failureLines(event, paint));
          case 'blocked':
            return say([`blocked  ${event.action}  (by ${listText(event.by, ', ')})`]);
          case 'cancelled':
            return undefined;
        }
        return undefined;
      case 'store-freed':
        return say([storeFreedText(event)]);
      case 'file-changed':
        return say([`warning  ${fileChangedText(event)}`]);
      case 'remote-trouble':
        return say([`warning  ${remoteTroubleText(event)}`]);
      case 'remote-upload':
        return say([remoteUploadText(event)]);
      case 'run-finished': {
        if (event.headline) void stdout.write(`${headlineLines(event.headline, paintOut).join('\n')}\n`);
        say([
          ...failureList(failures, reproduce, paint),
          ...(event.interrupted ? ['interrupted; the next run continues here'] : []),
          countsText(event, paint),
        ]);
        return undefined;
      }
      default:
        return undefined;
    }
  };
  return { report, say: (text) => say([text]), close: () => {} };
}
