/**
 * The reporter for a terminal: a line for each step, redrawn in place, and above them failures and warnings, which stay.
 * Limits how often it draws, and never draws more lines than the terminal has.
 */

import { unreachable } from '../base/result.ts';
import { durationText } from '../base/time.ts';
import type { Event } from '../history/event.ts';
import { headlineLines } from './headline.ts';
import { frameOn } from './live-frame.ts';
import { type NoticeStyle, noticeLines } from './notices.ts';
import type { Paint } from './paint.ts';
import { printableIn } from './printable.ts';
import { trackProgress } from './progress.ts';
import type { Reporter, ReporterStyle, Streams } from './reporter.ts';
import { mostTelling, stepLines } from './step-lines.ts';
import { type FailedAction, failureLines, finishedLines, notSelectedLines } from './summary.ts';
import { clip } from './width.ts';

const DRAW_EVERY_MS = 80;
/** A longer log of a failed action would push everything else off the screen. */
const LOG_LINES = 40;

export function prettyReporter({ stdout, stderr }: Streams, { paint, paintOut, reproduce }: ReporterStyle): Reporter {
  const steps = liveSteps(stderr, paint);
  const style: NoticeStyle = {
    warning: (message) => `${paint.yellow('warning')} ${message}`,
    note: (message) => `${paint.dim('note')}    ${message}`,
    quiet: paint.dim,
  };
  const failed: FailedAction[] = [];
  const blocked: string[] = [];
  return {
    report(raw: Event) {
      const event = printableIn(raw);
      steps.update(event);
      switch (event.type) {
        case 'run-started':
          stderr.write(
            `${[paint.bold(event.pipeline), ...notSelectedLines(event.notSelected ?? []).map(paint.dim)].join('\n')}\n`,
          );
          return steps.start();
        case 'action-log':
          if (event.level === 'warning') steps.print([style.warning(`${event.action}: ${event.message}`)]);
          if (event.level === 'notice') steps.print([`${paint.dim('notice')}  ${event.action}: ${event.message}`]);
          return;
        case 'action-finished':
          if (event.outcome === 'blocked') blocked.push(event.action);
          if (event.outcome === 'failed') {
            failed.push(event);
            steps.print(failureLines(event, paint, LOG_LINES));
          } else if (event.outcome === 'reused') {
            steps.print(event.warnings.map((message) => style.warning(`${event.action}: ${message}`)));
          }
          return;
        case 'run-finished':
          steps.finish();
          if (event.headline) {
            if (stdout.isTTY) stderr.write('\n');
            stdout.write(`${headlineLines(event.headline, paintOut, tableWidth(stdout)).join('\n')}\n`);
          }
          stderr.write(`${['', ...finishedLines(event, { failed, blocked }, { paint, reproduce })].join('\n')}\n`);
          return;
        case 'action-started':
        case 'action-progress':
        case 'action-planned':
        // The command prints the failure itself.
        case 'run-failed':
          return;
        case 'jobs-submitted':
        case 'jobs-joined':
        case 'cluster-warning':
        case 'out-busy':
        case 'out-also-shows':
        case 'store-freed':
        case 'file-changed':
        case 'remote-trouble':
        case 'remote-upload':
          return steps.print(noticeLines(event, style));
        default:
          return unreachable(event);
      }
    },
    say: (text) => steps.print([text]),
    close: steps.stop,
  };
}

/** Files and pipes have no width: there rows are not wrapped. */
const tableWidth = ({ isTTY, columns }: NodeJS.WriteStream): number =>
  isTTY ? Math.max(20, columns || 80) : Number.POSITIVE_INFINITY;

interface LiveSteps {
  update(event: Event): void;
  /** Begins to redraw the steps. */
  start(): void;
  /** Prints lines above the steps for good. */
  print(lines: readonly string[]): void;
  /** Stops redrawing and leaves a last frame with every step. */
  finish(): void;
  stop(): void;
}

function liveSteps(stderr: NodeJS.WriteStream, paint: Paint): LiveSteps {
  const progress = trackProgress();
  const frame = frameOn(stderr);
  let timer: NodeJS.Timeout | undefined;

  const columns = () => Math.max(20, stderr.columns || 80);
  const draw = () => {
    const all = progress.steps();
    const seconds = progress.secondsLeft();
    const left = seconds === null ? [] : [paint.dim(clip(`about ${durationText(seconds * 1000)} left`, columns() - 1))];
    const height = Math.max(1, (stderr.rows || 24) - 2);
    const chosen = mostTelling(all, Math.max(1, height - left.length));
    frame.draw([...stepLines(chosen, { all, width: columns(), paint }), ...left].slice(0, height));
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    update: progress.update,
    start() {
      timer = setInterval(draw, DRAW_EVERY_MS);
      timer.unref();
    },
    print(lines) {
      if (lines.length === 0) return;
      frame.erase();
      stderr.write(`${lines.join('\n')}\n`);
      if (timer) draw();
    },
    finish() {
      stop();
      const all = progress.steps();
      frame.draw(stepLines(all, { all, width: columns(), paint }));
      frame.leave();
    },
    stop,
  };
}
