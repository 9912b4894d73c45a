/** The reporter for logs and CI: a line when an action ends, and nothing that is redrawn. */

import { unreachable } from '../base/result.ts';
import { durationText } from '../base/time.ts';
import type { ActionFinished, Event, RunStarted } from '../history/event.ts';
import { causesText } from './cause.ts';
import { headlineLines } from './headline.ts';
import { countText } from './list.ts';
import { type NoticeStyle, noticeLines } from './notices.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import type { Reporter, ReporterStyle, Streams } from './reporter.ts';
import { type FailedAction, failureLines, finishedLines, notSelectedLines } from './summary.ts';

const STYLE: NoticeStyle = {
  warning: (message) => `warning  ${message}`,
  note: (message) => `note     ${message}`,
  quiet: (message) => message,
};

export function plainReporter({ stdout, stderr }: Streams, { paint, paintOut, reproduce }: ReporterStyle): Reporter {
  const say = (lines: readonly string[]) => void stderr.write(lines.map((line) => `${line}\n`).join(''));
  const failed: FailedAction[] = [];
  const blocked: string[] = [];
  const report = (raw: Event) => {
    const event = printableIn(raw);
    switch (event.type) {
      case 'run-started':
        return say([startText(event), ...notSelectedLines(event.notSelected ?? [])]);
      case 'action-log':
        return event.level === 'info' ? undefined : say([`${event.level.padEnd(8)} ${event.action}: ${event.message}`]);
      case 'action-finished':
        if (event.outcome === 'failed') failed.push(event);
        if (event.outcome === 'blocked') blocked.push(event.action);
        return say(actionLines(event, paint));
      case 'run-finished':
        if (event.headline) void stdout.write(`${headlineLines(event.headline, paintOut).join('\n')}\n`);
        return say(finishedLines(event, { failed, blocked }, { paint, reproduce }));
      case 'action-started':
      case 'action-progress':
      case 'action-planned':
      // The command prints the failure itself.
      case 'run-failed':
        return undefined;
      case 'jobs-submitted':
      case 'jobs-joined':
      case 'cluster-warning':
      case 'out-busy':
      case 'out-also-shows':
      case 'store-freed':
      case 'file-changed':
      case 'remote-trouble':
      case 'remote-upload':
        return say(noticeLines(event, STYLE));
      default:
        return unreachable(event);
    }
  };
  return { report, say: (text) => say([text]), close: () => {} };
}

function startText({ pipeline, steps, on, jobs }: RunStarted): string {
  const actions = steps.reduce((sum, step) => sum + step.actions, 0);
  return `${pipeline}: ${countText(actions, 'action')}, ${on === 'local' ? `${jobs} at a time` : 'on Slurm'}`;
}

function actionLines(event: ActionFinished, paint: Paint): string[] {
  switch (event.outcome) {
    case 'executed':
      return [`executed ${event.action}  ${durationText(event.milliseconds)}  (${causesText(event.why)})`];
    case 'reused':
      return event.warnings.map((warning) => STYLE.warning(`${event.action}: ${warning}`));
    case 'failed':
      return failureLines(event, paint);
    case 'blocked':
    case 'cancelled':
      return [];
    default:
      return unreachable(event);
  }
}
