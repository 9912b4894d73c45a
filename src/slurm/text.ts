/** The status of submissions as text: a line for each step and for each job that lives, then the failures. */

import { timeText } from '../base/time.ts';
import { actionFailureText } from '../report/action-failure.ts';
import { countText, listText } from '../report/list.ts';
import type { Paint } from '../report/paint.ts';
import { printableIn } from '../report/printable.ts';
import type { JobStatus, SubmissionStatus } from './status.ts';

export function statusLines(submissions: readonly SubmissionStatus[], paint: Paint): string[] {
  return printableIn(submissions).flatMap(({ submission, began, steps, jobs, failures }) => {
    const width = Math.max(0, ...steps.map(({ step }) => step.length));
    return [
      `${paint.bold(submission)}  submitted ${timeText(began)}`,
      ...steps.map(({ step, done, running, waiting, failed, blocked }) => {
        const parts = [
          ...(done > 0 ? [paint.green(`${done} done`)] : []),
          ...(running > 0 ? [`${running} running`] : []),
          ...(waiting > 0 ? [paint.dim(`${waiting} waiting`)] : []),
          ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
          ...(blocked > 0 ? [paint.yellow(`${blocked} blocked`)] : []),
        ];
        return `  ${step.padEnd(width)}  ${parts.join(', ')}`;
      }),
      ...(jobs.length > 0 ? jobs.map((job) => `  ${jobText(job)}`) : ['  none of its jobs waits or runs any more']),
      ...failures.flatMap(({ action, failure }) => [
        `${paint.red('failed')} ${paint.bold(action)}`,
        ...actionFailureText(failure)
          .split('\n')
          .map((line) => `  ${line}`),
      ]),
    ];
  });
}

function jobText({ job, running, waiting, nodes, since, reasons }: JobStatus): string {
  const parts = [
    ...(running > 0
      ? [
          `${countText(running, 'task')} on ${listText(nodes, ', ')}${since === null ? '' : ` since ${since.replace('T', ' ')}`}`,
        ]
      : []),
    ...(waiting > 0 ? [`${waiting} waiting (${listText(reasons, ', ')})`] : []),
  ];
  return `job ${job}: ${parts.join(', ')}`;
}
