/**
 * A valid pipeline: the document after profile, `--each` and `--set`, checked against the tasks that it
 * names. Plain data, so that it can be stored under the digest of its sources.
 */
import type { JsonObject } from '../base/json.ts';
import type { TaskInterface } from '../task/define.ts';

export interface Pipeline {
  readonly name: string;
  /** The names that `each: recording` expands to, in order; empty if no step has `each`. */
  readonly recordings: readonly string[];
  /** In the order of the document. */
  readonly steps: readonly Step[];
  /** The place of execution: this machine, or jobs of Slurm. */
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
  /** Every declared name, with defaults filled in; strings still contain `{recording}`. */
  readonly params: JsonObject;
  /** Seconds, or null for no limit. */
  readonly timeout: number | null;
  readonly retries: number;
  readonly resources: Resources;
  /** `file:line` of each parameter that the document sets; defaults have no position. */
  readonly positions: { readonly [param: string]: string };
}

/** The resources that an action needs; null if the document does not set it. Never part of a key. */
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
  /** Defaults for steps that do not set their own. */
  readonly resources: Resources;
  /** More options of sbatch, each a single word: `--qos=long`. */
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
  /** The working folder: the action's own scratch folder (`room`), or the pipeline's folder. */
  readonly cwd: 'room' | 'project';
}

export type Input =
  /** A user's file or folder, relative to the pipeline; still contains `{recording}`. */
  | { readonly kind: 'file'; readonly path: string }
  /** The user's files that match a pattern, except those that match any of `except`; `at`: `file:line` of the pattern. */
  | { readonly kind: 'files'; readonly pattern: string; readonly except: readonly string[]; readonly at: string }
  /** Another step's output: of the same recording, of a step that runs once, or (gathered) of every recording. */
  | {
      readonly kind: 'port';
      readonly step: string;
      readonly port: string;
      readonly gathered: boolean;
      readonly partial: boolean;
    };
