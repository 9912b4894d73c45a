/** A small project for the cluster: a chain of two commands for each recording, and a command that gathers. */
import { makeRig, type Rig } from '../end-to-end/rig.ts';
import type { Cluster } from './cluster.ts';

export interface ProjectOptions {
  /** A command that the first step of each recording runs after writing its output. */
  readonly first?: string;
  /** The resources of that step, as YAML. */
  readonly resources?: string;
  readonly retries?: number;
  /** The settings of the cluster, as YAML. */
  readonly slurm?: string;
}

const RECORDINGS = ['a', 'b', 'c'];

export const ALL = ['all', ...RECORDINGS.map((name) => `count@${name}`), ...RECORDINGS.map((name) => `large@${name}`)];

/** The output of `all` when every action succeeded. */
export const GATHERED = '17\n17\n17\n';

export const clusterProject = (
  { env }: Cluster,
  { first = 'true', resources = '{}', retries = 0, slurm = '{}' }: ProjectOptions = {},
): Rig =>
  makeRig({
    'pipeline.yaml': `name: letters
each:
  recording: [${RECORDINGS.join(', ')}]
slurm: ${slurm}
steps:
  large:
    shell: "tr a-z A-Z < {inputs.text} > {outputs.text}; ${first}"
    each: recording
    inputs: { text: { file: "data/{recording}.txt" } }
    outputs: { text: .txt }
    resources: ${resources}
    retries: ${retries}
  count:
    shell: "wc -c < {inputs.text} > {outputs.bytes}"
    each: recording
    inputs: { text: large.text }
    outputs: { bytes: .txt }
  all:
    shell: "cat {inputs.bytes} > {outputs.all}"
    inputs: { bytes: { from: count.bytes, partial: true } }
    outputs: { all: .txt }
`,
    ...Object.fromEntries(RECORDINGS.map((name) => [`data/${name}.txt`, `the letters of ${name}\n`])),
  }).around({ env });
