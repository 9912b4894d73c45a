/**
 * Why an action has to be executed: each kind of cause is one function that compares the preimage of the
 * last run with today's. Together they are what makes the keys differ, so that explaining is listing them.
 */
import { canonicalJson, type Json, ownProperty } from '../base/json.ts';
import type { Digest } from '../files/digest.ts';
import type { InputContent, InputIdentity, Preimage } from '../store/key.ts';

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
  /** The same content under another extension, which the action sees. */
  | {
      readonly cause: 'extension-changed';
      readonly port: string;
      readonly recording: string | null;
      readonly from: string;
      readonly to: string;
    }
  /** The recordings that an input gathers come in another order. */
  | { readonly cause: 'order-changed'; readonly port: string }
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

/** Names whose values differ; a name that only one object has differs, whatever its value. */
const differing = (before: object, after: object): string[] => {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  const text = (values: ReadonlyMap<string, unknown>, name: string) =>
    values.has(name) ? canonicalJson(values.get(name) as Json) : undefined;
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => text(was, name) !== text(is, name)).sort();
};

const formatChanged: Compare = (before, after) =>
  before.format === after.format ? [] : [{ cause: 'format-changed', from: before.format, to: after.format }];

const paramChanged: Compare = (before, after, { positions }) =>
  differing(before.params, after.params).map((param) => ({
    cause: 'param-changed',
    param,
    from: ownProperty(before.params, param) ?? null,
    to: ownProperty(after.params, param) ?? null,
    position: ownProperty(positions, param) ?? null,
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
  const same = before.command === after.command && before.recording === after.recording && before.cwd === after.cwd;
  return same ? [] : [{ cause: 'command-changed' }];
};

const envChanged: Compare = ({ task: before }, { task: after }) => {
  if (before.kind !== 'shell' || after.kind !== 'shell') return [];
  return differing(before.env, after.env).map((name) => ({ cause: 'env-changed', name }));
};

const inputChanged: Compare = (before, after, { sourceOf }) =>
  differing(before.inputs, after.inputs).flatMap((port) => {
    const was = contentsOf(ownProperty(before.inputs, port));
    const is = contentsOf(ownProperty(after.inputs, port));
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((recording) => contentIn(was.get(recording)) !== contentIn(is.get(recording)))
      .map((recording) => ({
        cause: 'input-changed' as const,
        port,
        recording,
        source: sourceOf(port, recording),
        from: digestIn(was.get(recording)),
        to: digestIn(is.get(recording)),
      }));
  });

/** A preimage of format 1 says no extension. */
const extensionChanged: Compare = (before, after) =>
  differing(before.inputs, after.inputs).flatMap((port) => {
    const was = contentsOf(ownProperty(before.inputs, port));
    return [...contentsOf(ownProperty(after.inputs, port))].flatMap(([recording, is]) => {
      const [from, to] = [extensionIn(was.get(recording)), extensionIn(is)];
      if (from === undefined || to === undefined || from === to) return [];
      return contentIn(was.get(recording)) === contentIn(is)
        ? [{ cause: 'extension-changed' as const, port, recording, from, to }]
        : [];
    });
  });

const orderChanged: Compare = (before, after) =>
  differing(before.inputs, after.inputs).flatMap((port) => {
    const was = gatheredBy(ownProperty(before.inputs, port));
    const is = gatheredBy(ownProperty(after.inputs, port));
    const [earlier, later] = [new Set(was), new Set(is)];
    const stayed = is.filter((recording) => earlier.has(recording));
    const moved = was.filter((recording) => later.has(recording)).some((recording, i) => recording !== stayed[i]);
    return moved ? [{ cause: 'order-changed' as const, port }] : [];
  });

const outputsChanged: Compare = (before, after) =>
  differing(before.outputs, after.outputs).map((port) => ({ cause: 'outputs-changed', port }));

const comparisons = [
  formatChanged,
  paramChanged,
  codeChanged,
  packagesChanged,
  commandChanged,
  envChanged,
  inputChanged,
  extensionChanged,
  orderChanged,
  outputsChanged,
];

/** Every difference between two preimages; empty exactly when their keys are equal. */
export const differences = (before: Preimage, after: Preimage, context: Context): Cause[] =>
  comparisons.flatMap((compare) => compare(before, after, context));

const gatheredBy = (input: InputIdentity | undefined): readonly string[] =>
  input && 'gathered' in input ? input.gathered.map(({ recording }) => recording) : [];

/** An output that was not written, and a list of nothing, are something else than an input that is not declared. */
type Held = InputContent | 'absent' | 'empty';

const digestIn = (held: Held | undefined): Digest | null => (typeof held === 'object' ? held.digest : null);

const extensionIn = (held: Held | undefined): string | undefined =>
  typeof held === 'object' ? held.extension : undefined;

/** The part of the content that is compared. */
const contentIn = (held: Held | undefined): string | undefined => (typeof held === 'object' ? held.digest : held);

/** The contents of an input: one under null, or one for each recording that it gathers. */
function contentsOf(input: InputIdentity | undefined): Map<string | null, Held> {
  if (!input) return new Map();
  if (!('gathered' in input)) return new Map([[null, 'digest' in input ? input : 'absent']]);
  if (input.gathered.length === 0) return new Map([[null, 'empty']]);
  return new Map(input.gathered.map((one) => [one.recording, 'digest' in one ? one : 'absent']));
}
