/**
 * A valid pipeline: the document after profile, `--each` and `--set`, checked against the tasks that it
 * names. Plain data, so that it can be kept under the digest of what it was made from.
 */
import type { JsonObject } from '../base/json.ts';
import type { TaskInterface } from '../task/define.ts';

export interface Pipeline {
  readonly name: string;
  /** What `each: recording` expands to, in order; empty where no step uses it. */
  readonly recordings: readonly string[];
  /** In the order of the document. */
  readonly steps: readonly Step[];
  /** Where actions are executed. */
  readonly on: 'local' | 'slurm';
  readonly slurm: SlurmSettings;
}

export interface Step {
  readonly name: string;
  readonly task: ModuleTask | ShellTask;
  /** Whether the step runs once for each recording. */
  readonly each: boolean;
  readonly interface: TaskInterface;
  readonly inputs: { readonly [port: string]: Input };
  /** After defaults, every name present; `{recording}` still stands in strings. */
  readonly params: JsonObject;
  /** Seconds, or null for no limit. */
  readonly timeout: number | null;
  readonly retries: number;
  readonly resources: Resources;
  /** `file:line` of each parameter that was written; a default has none. */
  readonly positions: { readonly [param: string]: string };
}

/** What one action takes; null where nobody said. Never in a key. */
export interface Resources {
  /** 1 or more. */
  readonly cpus: number | null;
  /** Bytes, 1 or more. */
  readonly memory: number | null;
  /** Seconds, more than 0. */
  readonly time: number | null;
}

export interface SlurmSettings {
  readonly partition: string | null;
  readonly account: string | null;
  /** For steps that do not say. */
  readonly resources: Resources;
  /** More options of sbatch, each one word: `--qos=long`. */
  readonly options: readonly string[];
}

interface ModuleTask {
  readonly kind: 'module';
  /** As written: `./tasks/detect.ts` or `package/task`. */
  readonly uses: string;
}

interface ShellTask {
  readonly kind: 'shell';
  /** As written, with its placeholders: `{inputs.x}`, `{outputs.x}`, `{params.x}`, `{recording}`. */
  readonly command: string;
  readonly env: { readonly [name: string]: string };
  /** Where it runs: in a private folder of the action, or in the pipeline's. */
  readonly cwd: 'room' | 'project';
}

export type Input =
  /** A user's file, relative to the pipeline; `{recording}` still stands in it. */
  | { readonly kind: 'file'; readonly path: string }
  /** Another step's port: the same recording's, the only one, or (gathered) one for each recording. */
  | {
      readonly kind: 'port';
      readonly step: string;
      readonly port: string;
      readonly gathered: boolean;
      readonly partial: boolean;
    };
