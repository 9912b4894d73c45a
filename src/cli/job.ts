import { type Command, InvalidArgumentError } from 'commander';
import { DONE, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';

/** What a cluster's jobs call; nobody types it. */
export const addJob = (program: Command): Command =>
  program
    .command('job', { hidden: true })
    .description('make the actions of one task of a job array')
    .argument('<submission>', 'its folder')
    .argument('<array>', 'number of the array', index)
    .argument('<task>', 'number of the task', index)
    .action(async (submission: string, array: number, task: number) => {
      const { runGroup } = await import('../slurm/run-group.ts');
      const say = (message: string) => void process.stderr.write(`${message}\n`);
      const signal = interruptible(() => say('told to stop; what is done is kept'));
      const ended = await runGroup({ folder: submission, array, index: task }, { signal, warn: say });
      if (!ended.ok) process.exitCode = refuse(ended.error);
      else process.exitCode = signal.aborted ? INTERRUPTED : ended.value.failed > 0 ? FAILED : DONE;
    });

function index(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(value);
}
