/** The entry of a fresh process that executes one action again. */

import type { ActionFailure } from '../base/failure.ts';
import { runTaskInThisThread, taskFailure } from '../execute/run-task.ts';
import { runShellFromMainThread } from '../execute/shell.ts';
import type { LogLine } from '../store/result.ts';
import { changeConditions } from './conditions.ts';
import type { Answer, Work } from './work.ts';

changeConditions();
process.setSourceMapsEnabled(true);

const abort = new AbortController();
const say = (answer: Answer, then: () => void = () => {}) => void process.send?.(answer, then);
const end = (answer: Answer) => say(answer, () => process.exit());
const fail = (failure: ActionFailure) => end({ type: 'failed', failure });

// What a task left underway belongs to it, as in a run.
process.on('uncaughtException', (error) => fail(taskFailure(error)));
// A command of this action ends with it: on exit its whole group is told.
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; this one waits to be told.
process.on('SIGINT', () => {});

process.once('message', async (work: Work) => {
  // A command is asked to end, and waited for; a task keeps nothing that it could leave half written.
  process.on('SIGTERM', () => (work.kind === 'shell' ? abort.abort() : process.exit()));
  const ears = {
    log: (line: LogLine) => say({ type: 'log', ...line }),
    progress: () => {},
    signal: abort.signal,
  };
  const made =
    work.kind === 'module' ? await runTaskInThisThread(work.job, ears) : await runShellFromMainThread(work.shell, ears);
  await new Promise((resolve) => setImmediate(resolve));
  if (made.ok) end({ type: 'made', made: made.value });
  else fail(made.error);
});
