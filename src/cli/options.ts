/** Options that several commands share, and their translation into a request. */
import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Request, requestOf } from '../load/request.ts';
import { refuse } from './exit.ts';

export interface StoreOptions {
  readonly store?: string;
}

export interface SharedOptions extends StoreOptions {
  readonly set?: readonly string[];
  readonly each?: string;
  readonly profile?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly skip?: readonly string[];
  readonly remote?: string;
  readonly remoteWrite?: boolean;
  readonly on?: 'local' | 'slurm';
}

export interface ReporterOptions {
  readonly reporter: 'plain' | 'json';
}

export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number of 1 or more.');
  return number;
}

export const withStore = (command: Command): Command =>
  command.option(
    '--store <folder>',
    'the folder that keeps all results (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)',
  );

/** For commands that look at a store and not at a pipeline. */
export const withStoreOf = (command: Command): Command =>
  withStore(command.argument('[pipeline]', 'use the store of this pipeline (default: pipeline.yaml)'));

export const withFormat = (command: Command, formats: readonly string[]): Command =>
  command.addOption(new Option('--format <name>', 'the format of the output').choices(formats).default('text'));

export const withReporter = (command: Command): Command =>
  command.addOption(
    new Option('--reporter <name>', 'text for people, or a JSON object per line for programs')
      .choices(['plain', 'json'])
      .default('plain'),
  );

const PATTERNS = "'*@2017*' is a pattern, detect+ takes along all that follows";

export const withTargets = (command: Command): Command =>
  withSelection(command, 'actions or steps')
    .option('--each <recording=a,b>', 'use these recordings instead of those in the pipeline')
    .option('--profile <name>', 'apply a profile of the pipeline');

/** @param which the targets, as the help names them */
export const withSelection = (command: Command, which: string): Command =>
  withStore(
    command
      .argument(
        '[pipeline-and-targets...]',
        `a pipeline (*.yaml; default: pipeline.yaml), then ${which} (default: all); ${PATTERNS}`,
      )
      .option('--skip <target>', 'leave out these actions and all that needs them; repeat it for more', collect),
  );
export const withPipeline = (command: Command): Command =>
  withTargets(command)
    .option('--set <step.param=value>', 'set a parameter; the value is YAML; repeat it for more parameters', collect)
    .option('--out <folder>', 'the folder that shows the results (default: out/ beside the pipeline)');

export const withForce = (command: Command): Command =>
  command.option('--force', 'execute the targets again even if nothing changed');

export const withScheduling = (command: Command): Command =>
  command
    .option('--jobs <number>', 'how many actions run at once (default: the number of cores)', wholeNumber)
    .option('--keep-going', 'after a failure, go on with all actions that do not depend on it');

export const withRemote = (command: Command): Command =>
  command
    .option('--remote <url>', 'take results from this remote cache if it has them (default: $GROUNDPROOF_REMOTE)')
    .option('--remote-write', 'also send new results to the remote cache');

/** The first positional is the pipeline if it ends in .yaml or .yml; all others are targets. */
export function requestFrom(positionals: readonly string[], options: SharedOptions): Request {
  const [first, ...rest] = positionals;
  const isPipeline = first !== undefined && /\.ya?ml$/.test(first);
  const { set, each, profile, remote, remoteWrite = false, ...others } = options;
  const url = remote ?? (remoteWrite ? (process.env.GROUNDPROOF_REMOTE ?? '') : undefined);
  return requestOf({
    ...others,
    ...(url === undefined ? {} : { remote: { url, write: remoteWrite } }),
    ...(isPipeline ? { pipeline: first } : {}),
    targets: isPipeline ? rest : positionals,
    overrides: {
      ...(profile === undefined ? {} : { profile }),
      ...(each === undefined ? {} : { each }),
      ...(set ? { set } : {}),
    },
  });
}

/** The pipeline may have any name here, unlike in `requestFrom`. */
export const requestForStore = (pipeline: string | undefined, { store }: StoreOptions): Request =>
  requestOf({ ...(pipeline === undefined ? {} : { pipeline }), ...(store === undefined ? {} : { store }) });

/** The exit code for a pipeline that does not exist; undefined if it exists. */
export const refuseMissing = ({ pipeline }: Request): number | undefined =>
  existsSync(pipeline) ? undefined : refuse({ reason: 'pipeline-missing', path: pipeline });
