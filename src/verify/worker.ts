/** The entry of a fresh process that executes an action again. */

import type { ActionFailure } from '../base/failure.ts';
import { runTaskInThisThread, taskFailure } from '../execute/run-task.ts';
import { runShellFromMainThread } from '../execute/shell.ts';
import type { LogLine } from '../store/result.ts';
import { changeConditions } from './conditions.ts';
import type { Answer, Work } from './work.ts';

changeConditions();
process.setSourceMapsEnabled(true);

const abort = new AbortController();
const send = (answer: Answer, then: () => void = () => {}) => void process.send?.(answer, then);
const end = (answer: Answer) => send(answer, () => process.exit());
const fail = (failure: ActionFailure) => end({ type: 'failed', failure });

// An error in code that a task did not wait for fails the task, as in a run.
process.on('uncaughtException', (error) => fail(taskFailure(error)));
// Exiting also ends the process groups of the action's commands.
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; this process waits for SIGTERM from `verify`.
process.on('SIGINT', () => {});

process.once('message', async (work: Work) => {
  // A command gets time to end. A task needs none: its outputs are discarded.
  process.on('SIGTERM', () => (work.kind === 'shell' ? abort.abort() : process.exit()));
  const hooks = {
    log: (line: LogLine) => send({ type: 'log', ...line }),
    progress: () => {},
    signal: abort.signal,
  };
  const made =
    work.kind === 'module'
      ? await runTaskInThisThread(work.job, hooks)
      : await runShellFromMainThread(work.shell, hooks);
  await new Promise((resolve) => setImmediate(resolve));
  if (made.ok) end({ type: 'made', made: made.value });
  else fail(made.error);
});
