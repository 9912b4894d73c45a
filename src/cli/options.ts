/** The options that several commands share, and how they become a request. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Request, requestOf } from '../load/request.ts';

export interface SharedOptions {
  readonly set?: readonly string[];
  readonly each?: string;
  readonly profile?: string;
  readonly store?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly jobs?: number;
  readonly keepGoing?: boolean;
  readonly remote?: string;
  readonly remoteWrite?: boolean;
  readonly on?: 'local' | 'slurm';
}

export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It takes a whole number of 1 or more.');
  return number;
}

/** Which pipeline and what of it, where results are kept. */
export const withTargets = (command: Command): Command =>
  command
    .argument(
      '[pipeline-and-targets...]',
      'a pipeline (*.yaml; default pipeline.yaml), then actions or steps (default: everything)',
    )
    .option('--each <recording=a,b>', 'use these recordings instead of the listed ones')
    .option('--profile <name>', 'apply a profile of the pipeline')
    .option('--store <folder>', 'where results are kept (default: cache/ beside the pipeline, or $GROUNDPROOF_STORE)');

/** The same, with what changed in it, and where results are shown. */
export const withPipeline = (command: Command): Command =>
  withTargets(command)
    .option('--set <step.param=value>', 'set one parameter, value read as YAML; may be repeated', collect)
    .option('--out <folder>', 'where results are shown (default: out/ beside the pipeline)');

/** What `run` and `plan` share beyond that. */
export const withForce = (command: Command): Command => command.option('--force', 'the targets run again');

export const withScheduling = (command: Command): Command =>
  command
    .option('--jobs <number>', 'how many actions at once (default: the number of cores)', wholeNumber)
    .option('--keep-going', 'after a failure, go on with what does not depend on it');

export const withRemote = (command: Command): Command =>
  command
    .option('--remote <url>', 'take results from this cache before making them (default: $GROUNDPROOF_REMOTE)')
    .option('--remote-write', 'send results there too');

/** A first positional that ends in .yaml or .yml is the pipeline, the rest are targets. */
export function requestFrom(positionals: readonly string[], options: SharedOptions): Request {
  const [first, ...rest] = positionals;
  const named = first !== undefined && /\.ya?ml$/.test(first);
  const { set, each, profile, remote, remoteWrite = false, ...others } = options;
  const url = remote ?? (remoteWrite ? (process.env.GROUNDPROOF_REMOTE ?? '') : undefined);
  return requestOf({
    ...others,
    ...(url === undefined ? {} : { remote: { url, write: remoteWrite } }),
    ...(named ? { pipeline: first } : {}),
    targets: named ? rest : positionals,
    overrides: {
      ...(profile === undefined ? {} : { profile }),
      ...(each === undefined ? {} : { each }),
      ...(set ? { set } : {}),
    },
  });
}
