import { type Command, InvalidArgumentError } from 'commander';
import { DONE, FAILED, INTERRUPTED, refuse } from './exit.ts';
import { interruptible } from './interrupt.ts';

/** The command that Slurm's jobs run. Hidden, because nobody types it. */
export const addJob = (program: Command): Command =>
  program
    .command('job', { hidden: true })
    .description('execute the actions of a slot of a job array')
    .argument('<submission>', 'the folder of the submission')
    .argument('<array>', 'the number of the array', index)
    .argument('<slot>', 'the number of the slot', index)
    .action(async (submission: string, array: number, slot: number) => {
      const { runGroup } = await import('../slurm/run-group.ts');
      const say = (message: string) => void process.stderr.write(`${message}\n`);
      const signal = interruptible(() => say('told to stop; what is done is kept'));
      const ended = await runGroup({ folder: submission, array, index: slot }, { signal, warn: say });
      if (!ended.ok) process.exitCode = refuse(ended.error);
      else if (signal.aborted) process.exitCode = INTERRUPTED;
      else process.exitCode = ended.value.failed > 0 ? FAILED : DONE;
    });

function index(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(value);
}
