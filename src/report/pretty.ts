/**
 * The reporter for a terminal: one line a step, redrawn in place, and above it what should stay to be
 * read (failures, warnings). Draws at most so often, and never more lines than the terminal has.
 */

import { durationText } from '../base/time.ts';
import type { Event } from '../history/event.ts';
import { frameOn } from './frame.ts';
import { headlineLines } from './headline.ts';
import { outAlsoShowsLines, outBusyText } from './out.ts';
import type { Look } from './plain.ts';
import { printableIn } from './printable.ts';
import { progressOf } from './progress.ts';
import type { Reporter, Streams } from './reporter.ts';
import { mostTelling, stepLines } from './step-lines.ts';
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
import { clip } from './width.ts';

const DRAW_EVERY_MS = 80;
/** More of a failed action's log would push everything else off the screen. */
const LOG_LINES = 40;

export function prettyReporter({ stdout, stderr }: Streams, { paint, paintOut, reproduce }: Look): Reporter {
  const progress = progressOf();
  const failures: Failed[] = [];
  const frame = frameOn(stderr);
  let timer: NodeJS.Timeout | undefined;

  const columns = () => Math.max(20, stderr.columns || 80);
  const drawRunning = () => {
    const steps = progress.steps();
    const seconds = progress.secondsLeft();
    const left = seconds === null ? [] : [paint.dim(clip(`about ${durationText(seconds * 1000)} left`, columns() - 1))];
    const room = Math.max(1, (stderr.rows || 24) - 2);
    const shown = mostTelling(steps, Math.max(1, room - left.length));
    frame.draw([...stepLines(shown, steps, columns(), paint), ...left].slice(0, room));
  };
  const keep = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    frame.erase();
    stderr.write(`${lines.join('\n')}\n`);
    if (timer) drawRunning();
  };
  const warning = (action: string, message: string) => `${paint.yellow('warning')} ${action}: ${message}`;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    report(happened: Event) {
      const event = printableIn(happened);
      progress.update(event);
      switch (event.type) {
        case 'run-started':
          stderr.write(`${paint.bold(event.pipeline)}\n`);
          timer = setInterval(drawRunning, DRAW_EVERY_MS);
          timer.unref();
          return;
        case 'jobs-submitted':
        case 'jobs-joined':
          return keep([paint.dim(jobsText(event))]);
        case 'cluster-warning':
          return keep([`${paint.yellow('warning')} ${event.message}`]);
        case 'out-busy':
          return keep([outBusyText(event)]);
        case 'out-also-shows':
          return keep(outAlsoShowsLines(event).map((line) => `${paint.dim('note')}    ${line}`));
        case 'action-log':
          if (event.level === 'warning') keep([warning(event.action, event.message)]);
          if (event.level === 'notice') keep([`${paint.dim('notice')}  ${event.action}: ${event.message}`]);
          return;
        case 'action-finished':
          if (event.outcome === 'failed') {
            failures.push(event);
            keep(failureLines(event, paint, LOG_LINES));
          } else if (event.outcome === 'reused') {
            keep(event.warnings.map((message) => warning(event.action, message)));
          }
          return;
        case 'store-freed':
          return keep([storeFreedText(event)]);
        case 'file-changed':
          return keep([`${paint.yellow('warning')} ${fileChangedText(event)}`]);
        case 'remote-trouble':
          return keep([`${paint.yellow('warning')} ${remoteTroubleText(event)}`]);
        case 'remote-upload':
          return keep([remoteUploadText(event)]);
        case 'run-finished': {
          stop();
          // The last frame stays: all steps, however many, and nothing of what might have been.
          frame.draw(stepLines(progress.steps(), progress.steps(), columns(), paint));
          frame.leave();
          if (event.headline) {
            // A file or a pipe has no width: there a row is a line.
            const width = stdout.isTTY ? Math.max(20, stdout.columns || 80) : Number.POSITIVE_INFINITY;
            if (stdout.isTTY) stderr.write('\n');
            stdout.write(`${headlineLines(event.headline, paintOut, width).join('\n')}\n`);
          }
          const lines = [
            '',
            ...failureList(failures, reproduce, paint),
            ...(event.interrupted ? ['interrupted; the next run continues here'] : []),
            countsText(event, paint),
          ];
          stderr.write(`${lines.join('\n')}\n`);
          return;
        }
        default:
          return;
      }
    },
    say: (text) => keep([text]),
    close: stop,
  };
}
