/** Refuses options of sbatch that the engine sets itself. */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { partOf } from '../text/node.ts';
import type { SlurmDraft } from './draft.ts';

/** Options that have a field of their own in the document. */
const SETTINGS: { readonly [option: string]: string } = {
  partition: 'partition',
  account: 'account',
  time: 'time',
  mem: 'memory',
  'mem-per-cpu': 'memory',
  'cpus-per-task': 'cpus',
};

/** Options that the engine relies on, each with the reason. */
const RESERVED: { readonly [option: string]: string } = {
  array: 'a job array has one task for each recording',
  'job-name': 'jobs are found again by their names',
  output: 'what a job prints is kept beside the submission',
  error: 'what a job prints is kept beside the submission',
  dependency: 'jobs wait for each other as their steps do',
  'kill-on-invalid-dep': 'jobs wait for each other as their steps do',
  parsable: 'groundproof reads what sbatch answers',
  wrap: "the job's script is its own",
  chdir: 'steps run in the folder of the pipeline',
  export: 'groundproof says what a job gets of the environment',
  'export-file': 'groundproof says what a job gets of the environment',
  requeue: "how often an action is tried is its step's 'retries'",
  'no-requeue': "how often an action is tried is its step's 'retries'",
  wait: 'groundproof waits for its jobs itself',
  hold: 'a job that is held never begins',
  clusters: 'groundproof asks only the cluster at hand about its jobs',
  'test-only': 'nothing would be submitted',
  help: 'nothing would be submitted',
  usage: 'nothing would be submitted',
  version: 'nothing would be submitted',
};

/** sbatch accepts the beginning of a name, so `--dep` is `--dependency`. */
export const checkSlurm = ({ options }: SlurmDraft): readonly Diagnostic[] =>
  options.flatMap((option): readonly Diagnostic[] => {
    const [, written] = /^--([a-z][a-z0-9-]*)/.exec(option.value) ?? [];
    if (written === undefined) return [];
    const range = partOf(option, 0, written.length + 2);
    const names = [...Object.keys(SETTINGS), ...Object.keys(RESERVED)];
    const name = names.find((known) => known === written) ?? names.find((known) => known.startsWith(written)) ?? '';
    const setting = SETTINGS[name];
    if (setting !== undefined) return [{ range, message: `'--${name}' is written as '${setting}' in 'slurm'` }];
    const why = RESERVED[name];
    return why === undefined ? [] : [{ range, message: `'--${name}' cannot be given: ${why}`, hint: 'remove it' }];
  });
