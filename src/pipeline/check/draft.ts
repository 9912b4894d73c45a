/**
 * Reads a document leniently into a draft for the checks: parts of the wrong form (reported by `validate.ts`)
 * are left out or marked as unknown, so that everything else can still be checked.
 */
import { pipelineSchema } from '../../../schemas/pipeline.ts';
import type { Range } from '../../base/diagnostic.ts';
import type { Pipeline, Resources, SlurmSettings } from '../pipeline.ts';
import { nearest } from '../text/nearest.ts';
import {
  type Entry,
  entriesOf,
  isText,
  isTrue,
  type MapNode,
  type Node,
  numberIn,
  type TextNode,
} from '../text/node.ts';
import { resourcesOf } from './resources.ts';

export interface Draft {
  readonly name: string | null;
  readonly recordings: readonly TextNode[];
  /** The range of the list of recordings, or null without a list. */
  readonly listed: Range | null;
  readonly steps: readonly StepDraft[];
  readonly on: Pipeline['on'];
  readonly slurm: SlurmDraft;
}

export interface SlurmDraft extends Omit<SlurmSettings, 'options'> {
  readonly options: readonly TextNode[];
}

export interface StepDraft {
  readonly name: string;
  /** The range of the name. */
  readonly key: Range;
  /** Null unless the document has `uses` or `shell`, in the right form. */
  readonly task: { readonly kind: 'module' | 'shell'; readonly text: TextNode } | null;
  /** The range of the value of `each`, or null. */
  readonly each: Range | null;
  readonly inputs: ReadonlyMap<string, InputDraft>;
  /** The range of `inputs`, or of the step's name if the step has no inputs. */
  readonly inputsRange: Range;
  readonly params: ReadonlyMap<string, Entry>;
  readonly paramsRange: Range;
  /** Port -> extension, or a map for a folder, a table or an optional file. */
  readonly outputs: ReadonlyMap<string, Entry>;
  readonly env: { readonly [name: string]: string };
  readonly cwd: 'room' | 'project';
  readonly timeout: number | null;
  readonly retries: number;
  readonly resources: Resources;
}

export type InputDraft =
  | { readonly kind: 'file'; readonly key: Range; readonly path: TextNode }
  | { readonly kind: 'files'; readonly key: Range; readonly pattern: TextNode; readonly except: readonly TextNode[] }
  | {
      readonly kind: 'port';
      readonly key: Range;
      /** `step.port`. */
      readonly reference: TextNode;
      /** The range of `partial: true`, or null. */
      readonly partial: Range | null;
    }
  | { readonly kind: 'wrong'; readonly key: Range };

export function draftOf(root: MapNode): Draft {
  const [name, on, slurm] = ['name', 'on', 'slurm'].map((field) => root.entries.get(field)?.value);
  const recordings = entriesOf(root.entries.get('each')?.value).get('recording')?.value;
  return {
    name: isText(name) ? name.value : null,
    recordings: recordings?.kind === 'list' ? recordings.items.filter(isText) : [],
    listed: recordings?.range ?? null,
    steps: [...entriesOf(root.entries.get('steps')?.value)].map(([step, entry]) => stepDraft(step, entry)),
    on: isText(on) && on.value === 'slurm' ? 'slurm' : 'local',
    slurm: slurmDraft(slurm),
  };
}

function slurmDraft(node: Node | undefined): SlurmDraft {
  const entries = entriesOf(node);
  const [partition, account, options] = ['partition', 'account', 'options'].map((field) => entries.get(field)?.value);
  return {
    partition: isText(partition) ? partition.value : null,
    account: isText(account) ? account.value : null,
    resources: resourcesOf(node),
    options: options?.kind === 'list' ? options.items.filter(isText) : [],
  };
}

function stepDraft(name: string, { key, value }: Entry): StepDraft {
  const entries = entriesOf(value);
  const valueIn = (field: string) => entries.get(field)?.value;
  const [each, inputs, params, outputs] = ['each', 'inputs', 'params', 'outputs'].map((field) =>
    entryOrMisspelt(entries, field),
  );
  const cwd = valueIn('cwd');
  const env = [...entriesOf(valueIn('env'))].flatMap(([variable, { value }]) =>
    isText(value) ? [[variable, value.value] as const] : [],
  );
  return {
    name,
    key,
    task: taskDraft(valueIn('uses'), valueIn('shell')),
    each: each === undefined ? null : each.value.range,
    inputs: new Map([...entriesOf(inputs?.value)].map(([port, input]) => [port, inputDraft(input)])),
    inputsRange: inputs?.key ?? key,
    params: entriesOf(params?.value),
    paramsRange: params?.key ?? key,
    outputs: entriesOf(outputs?.value),
    env: Object.fromEntries(env),
    cwd: cwd !== undefined && isText(cwd) && cwd.value === 'project' ? 'project' : 'room',
    timeout: numberIn(valueIn('timeout')) ?? null,
    retries: numberIn(valueIn('retries')) ?? 0,
    resources: resourcesOf(valueIn('resources')),
  };
}

const FIELDS = Object.keys(pipelineSchema.properties.steps.additionalProperties.properties);

/** The field, or its likely misspelling, so that the content of a misspelt field is not also reported as missing. */
function entryOrMisspelt(entries: ReadonlyMap<string, Entry>, field: string): Entry | undefined {
  const misspelt = [...entries.keys()].find((name) => !FIELDS.includes(name) && nearest(name, FIELDS) === field);
  return entries.get(field) ?? entries.get(misspelt ?? field);
}

function taskDraft(uses: Node | undefined, shell: Node | undefined): StepDraft['task'] {
  if (isText(uses) && shell === undefined) return { kind: 'module', text: uses };
  return isText(shell) && uses === undefined ? { kind: 'shell', text: shell } : null;
}

function inputDraft({ key, value }: Entry): InputDraft {
  if (isText(value)) return { kind: 'port', key, reference: value, partial: null };
  const entries = entriesOf(value);
  const [file, files, from, partial] = ['file', 'files', 'from', 'partial'].map((field) => entries.get(field));
  if ([file, files, from].filter((source) => source !== undefined).length !== 1) return { kind: 'wrong', key };
  if (isText(file?.value)) return { kind: 'file', key, path: file.value };
  const except = entries.get('except')?.value;
  const excepted = (except?.kind === 'list' ? except.items : [except]).filter(isText);
  if (isText(files?.value)) return { kind: 'files', key, pattern: files.value, except: excepted };
  if (!isText(from?.value)) return { kind: 'wrong', key };
  const isPartial = isTrue(partial?.value);
  return { kind: 'port', key, reference: from.value, partial: isPartial && partial ? partial.key : null };
}
