/**
 * Why an action has to be executed: each kind of cause is one function that compares the preimage of the
 * last run with today's. Together they are what makes the keys differ, so that explaining is listing them.
 */
import { canonicalJson } from '../cache/canonical-json.ts';
import type { Digest } from '../cache/digest.ts';
import type { InputIdentity, Preimage } from '../cache/key.ts';
import type { Json } from '../json.ts';

export type Cause =
  | { readonly cause: 'first-run' }
  | { readonly cause: 'forced' }
  /** The key is known, but a blob of its result is gone or damaged; `port` says which. */
  | { readonly cause: 'result-lost'; readonly port: string | null }
  | {
      readonly cause: 'param-changed';
      readonly param: string;
      readonly from: Json | null;
      readonly to: Json | null;
      readonly position: string | null;
    }
  /** `files`: those whose content changed, where the last run's are known. */
  | { readonly cause: 'code-changed'; readonly files: readonly string[] }
  | { readonly cause: 'packages-changed'; readonly packages: readonly string[] }
  | { readonly cause: 'command-changed' }
  | { readonly cause: 'env-changed'; readonly name: string }
  | {
      readonly cause: 'input-changed';
      readonly port: string;
      readonly recording: string | null;
      readonly source: string;
      readonly from: Digest | null;
      readonly to: Digest | null;
    }
  | { readonly cause: 'outputs-changed'; readonly port: string }
  | { readonly cause: 'format-changed'; readonly from: number; readonly to: number };

/** What the comparison cannot see in the preimages: where things were written and came from. */
export interface Context {
  /** `pipeline.yaml:31`, where the parameter was written. */
  readonly positions: { readonly [param: string]: string };
  /** The action or file that an input comes from. */
  sourceOf(port: string, recording: string | null): string;
  /** The task's files that changed since the last run. */
  readonly changedFiles: readonly string[];
}

type Compare = (before: Preimage, after: Preimage, context: Context) => readonly Cause[];

const equal = (a: unknown, b: unknown): boolean =>
  canonicalJson((a ?? null) as Json) === canonicalJson((b ?? null) as Json);

const namesOf = (...objects: readonly object[]): string[] =>
  [...new Set(objects.flatMap((o) => Object.keys(o)))].sort();

const formatChanged: Compare = (before, after) =>
  before.format === after.format ? [] : [{ cause: 'format-changed', from: before.format, to: after.format }];

const paramChanged: Compare = (before, after, { positions }) =>
  namesOf(before.params, after.params)
    .filter((param) => !equal(before.params[param], after.params[param]))
    .map((param) => ({
      cause: 'param-changed',
      param,
      from: before.params[param] ?? null,
      to: after.params[param] ?? null,
      position: positions[param] ?? null,
    }));

const codeChanged: Compare = ({ task: before }, { task: after }, { changedFiles }) =>
  before.kind === after.kind && (before.kind !== 'module' || after.kind !== 'module' || before.code === after.code)
    ? []
    : [{ cause: 'code-changed', files: changedFiles }];

const packagesChanged: Compare = ({ task: before }, { task: after }) => {
  if (before.kind !== 'module' || after.kind !== 'module') return [];
  const gone = before.packages.filter((one) => !after.packages.includes(one)).map((one) => `-${one}`);
  const come = after.packages.filter((one) => !before.packages.includes(one)).map((one) => `+${one}`);
  return gone.length + come.length === 0 ? [] : [{ cause: 'packages-changed', packages: [...gone, ...come] }];
};

const commandChanged: Compare = ({ task: before }, { task: after }) => {
  if (before.kind !== 'shell' || after.kind !== 'shell') return [];
  return before.command === after.command && before.recording === after.recording ? [] : [{ cause: 'command-changed' }];
};

const envChanged: Compare = ({ task: before }, { task: after }) => {
  if (before.kind !== 'shell' || after.kind !== 'shell') return [];
  return namesOf(before.env, after.env)
    .filter((name) => before.env[name] !== after.env[name])
    .map((name) => ({ cause: 'env-changed', name }));
};

const inputChanged: Compare = (before, after, { sourceOf }) =>
  namesOf(before.inputs, after.inputs).flatMap((port) => {
    const was = digestsOf(before.inputs[port]);
    const is = digestsOf(after.inputs[port]);
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((recording) => was.get(recording) !== is.get(recording))
      .map((recording) => ({
        cause: 'input-changed' as const,
        port,
        recording,
        source: sourceOf(port, recording),
        from: was.get(recording) ?? null,
        to: is.get(recording) ?? null,
      }));
  });

const outputsChanged: Compare = (before, after) =>
  namesOf(before.outputs, after.outputs)
    .filter((port) => !equal(before.outputs[port], after.outputs[port]))
    .map((port) => ({ cause: 'outputs-changed', port }));

const comparisons = [
  formatChanged,
  paramChanged,
  codeChanged,
  packagesChanged,
  commandChanged,
  envChanged,
  inputChanged,
  outputsChanged,
];

/** Every difference between two preimages; empty exactly when their keys are equal, but for the order of a gathered input. */
export const differences = (before: Preimage, after: Preimage, context: Context): Cause[] =>
  comparisons.flatMap((compare) => compare(before, after, context));

/** Digests of an input: one under null, or one for each recording that it gathers. */
function digestsOf(input: InputIdentity | undefined): Map<string | null, Digest> {
  if (!input || 'absent' in input) return new Map();
  if ('digest' in input) return new Map([[null, input.digest]]);
  return new Map(input.gathered.flatMap((one) => ('digest' in one ? [[one.recording, one.digest] as const] : [])));
}
