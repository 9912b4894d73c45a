/**
 * The reporter for a terminal: one line a step, redrawn in place, and above it what should stay to be
 * read (failures, warnings). Draws at most so often, and never more lines than the terminal has.
 */
import type { Event } from '../run/event.ts';
import { durationText } from './duration.ts';
import { headlineLines } from './headline.ts';
import type { Look } from './plain.ts';
import { type Progress, progressOf, type StepProgress } from './progress.ts';
import type { Reporter, Streams } from './reporter.ts';
import { countsText, type Failed, failureLines, failureList, storeFreedText } from './summary.ts';
import { clip, padEnd, widthOf } from './width.ts';

const DRAW_EVERY_MS = 80;
const BAR = 20;

export function prettyReporter({ stdout, stderr }: Streams, { paint, paintOut, reproduce }: Look): Reporter {
  const progress = progressOf();
  const failures: Failed[] = [];
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const columns = () => Math.max(20, stderr.columns ?? 80);
  const erase = () => {
    if (drawn > 0) stderr.write(`\u001b[${drawn}A\r\u001b[J`);
    drawn = 0;
  };
  const draw = (lines: readonly string[]) => {
    // One write a frame: nothing flickers.
    const up = drawn > 0 ? `\u001b[${drawn}A\r` : '';
    stderr.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    drawn = lines.length;
  };
  const drawRunning = () => {
    const most = Math.max(1, (stderr.rows ?? 24) - 2);
    draw([...stepLines(progress, columns()), ...timeLeft(progress, columns())].slice(0, most));
  };
  const keep = (lines: readonly string[]) => {
    if (lines.length === 0) return;
    erase();
    stderr.write(`${lines.join('\n')}\n`);
    drawRunning();
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };

  function stepLines({ steps }: Progress, width: number): string[] {
    const nameWidth = Math.min(24, width >> 1, Math.max(4, ...steps().map(({ step }) => widthOf(step))));
    const countsWidth = Math.max(...steps().map(({ actions }) => 2 * String(actions).length + 1));
    return steps().map((step) => stepLine(step, nameWidth, countsWidth, width));
  }

  function timeLeft({ secondsLeft }: Progress, width: number): string[] {
    const left = secondsLeft();
    return left === null ? [] : [paint.dim(clip(`about ${durationText(left * 1000)} left`, width - 1))];
  }

  function stepLine(step: StepProgress, nameWidth: number, countsWidth: number, width: number): string {
    const share = step.actions === 0 ? 0 : (step.done + step.partly) / step.actions;
    const filled = Math.round(share * BAR);
    const bar = width < 60 ? '' : ` ${'━'.repeat(filled)}${paint.dim('─'.repeat(BAR - filled))}`;
    const name = padEnd(clip(step.step, nameWidth), nameWidth);
    const counts = [
      step.executed > 0 ? `${step.executed} executed` : '',
      step.reused > 0 ? `${step.reused} reused` : '',
      step.failed > 0 ? `${step.failed} failed` : '',
      step.blocked > 0 ? `${step.blocked} blocked` : '',
    ].filter((text) => text !== '');
    const done = `${step.done}/${step.actions}`.padStart(countsWidth);
    const running = step.running.length > 0 ? step.running.join(' ') : '';
    const head = ` ${step.failed > 0 ? paint.red(name) : step.done === step.actions ? name : paint.bold(name)}${bar} ${done} `;
    const used = 1 + nameWidth + (width < 60 ? 0 : 1 + BAR) + 1 + done.length + 1;
    return head + paint.dim(clip([...counts, running].filter((text) => text !== '').join(', '), width - used - 1));
  }

  return {
    report(event: Event) {
      progress.update(event);
      switch (event.type) {
        case 'run-started':
          stderr.write(`${paint.bold(event.pipeline)}\n`);
          timer = setInterval(drawRunning, DRAW_EVERY_MS);
          timer.unref();
          return;
        case 'action-log':
          if (event.level === 'warning') keep([`${paint.yellow('warning')} ${event.action}: ${event.message}`]);
          return;
        case 'action-finished':
          if (event.outcome === 'failed') {
            failures.push(event);
            keep(failureLines(event, paint));
          } else if (event.outcome === 'reused') {
            keep(event.warnings.map((warning) => `${paint.yellow('warning')} ${event.action}: ${warning}`));
          }
          return;
        case 'store-freed':
          return keep([storeFreedText(event)]);
        case 'run-finished': {
          stop();
          // The last frame stays: all steps, however many, and nothing of what might have been.
          draw(stepLines(progress, columns()));
          drawn = 0;
          if (event.headline) {
            stderr.write('\n');
            stdout.write(`${headlineLines(event.headline, paintOut, columns()).join('\n')}\n`);
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
    close: stop,
  };
}
