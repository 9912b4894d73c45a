/** The `groundproof` command. Each subcommand imports its heavy modules itself, so that the others start fast. */
import { Command, CommanderError } from 'commander';
import { VERSION } from '../base/build.ts';
import { fileSystemFailure } from '../base/failure.ts';
import { guard } from '../report/terminal.ts';
import { addCache } from './cache.ts';
import { addDiff } from './diff.ts';
import { earlierSettings } from './earlier-name.ts';
import { DONE, FAILED, refuse, WRONG } from './exit.ts';
import { addExplain } from './explain.ts';
import { addGc } from './gc.ts';
import { addGraph } from './graph.ts';
import { addJob } from './job.ts';
import { addLock } from './lock.ts';
import { addPlan } from './plan.ts';
import { addPrune } from './prune.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { addStatus } from './status.ts';
import { addSweep } from './sweep.ts';
import { addVerify } from './verify.ts';

guard(process.stdout, process.stderr);

// A closed pipe (`groundproof plan | head`) is not an error, but the command did not finish, so do not exit with 0.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: the terminal was closed.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    process.exit(process.exitCode ?? FAILED);
  });
}

const EXAMPLES = `
Examples:
  groundproof run                          bring everything in pipeline.yaml up to date
  groundproof run my.yaml detect           run only the step detect, and the steps that it needs
  groundproof plan --set detect.limit=9    show which actions that change would execute
  groundproof run --help                   show the options of a command`;

const program = new Command('groundproof')
  .description('Runs a YAML pipeline, keeps every result under a hash of what made it, and reruns only what changed.')
  .version(VERSION)
  .showHelpAfterError('(add --help for all options)')
  .addHelpText('after', EXAMPLES)
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .exitOverride();
for (const add of [
  addRun,
  addReport,
  addPlan,
  addExplain,
  addDiff,
  addSweep,
  addGraph,
  addLock,
  addVerify,
  addStatus,
  addPrune,
  addGc,
  addCache,
  addJob,
])
  add(program).exitOverride();

const refused = earlierSettings(process.env);
if (refused) process.exit(refuse(refused));

try {
  await program.parseAsync();
} catch (error) {
  const failure = fileSystemFailure(error);
  if (failure) process.exitCode = refuse(failure);
  else if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? DONE : WRONG;
  else throw error;
}
