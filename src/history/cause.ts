/**
 * The causes of an execution. Each kind has a function that compares the preimage of the last run with today's. Together
 * they cover all differences between two keys, so listing the causes explains the execution.
 */
import { canonicalJson, type Json, ownProperty } from '../base/json.ts';
import type { Digest } from '../files/digest.ts';
import type { InputContent, InputIdentity, Preimage } from '../store/key.ts';

export type Cause =
  | { readonly cause: 'first-run' }
  | { readonly cause: 'forced' }
  /** The key is known, but its result is gone, or the blob of `port` is gone or damaged. */
  | { readonly cause: 'result-lost'; readonly port: string | null }
  | {
      readonly cause: 'param-changed';
      readonly param: string;
      readonly from: Json | null;
      readonly to: Json | null;
      readonly position: string | null;
    }
  /** `files`: the changed ones, empty if the last run did not record its sources. */
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
  /** The content is the same, but the action sees it under another extension. */
  | {
      readonly cause: 'extension-changed';
      readonly port: string;
      readonly recording: string | null;
      readonly from: string;
      readonly to: string;
    }
  /** An input gathers the same recordings in another order. */
  | { readonly cause: 'order-changed'; readonly port: string }
  | { readonly cause: 'outputs-changed'; readonly port: string }
  | { readonly cause: 'format-changed'; readonly from: number; readonly to: number };

/** Facts that preimages do not hold: positions in the pipeline's text, and the sources of inputs. */
export interface CauseContext {
  /** The position of each parameter in the text: `pipeline.yaml:31`. */
  readonly positions: { readonly [param: string]: string };
  /** The action or file that an input comes from. */
  sourceOf(port: string, recording: string | null): string;
  /** The task's files that changed since the last run. */
  readonly changedFiles: readonly string[];
}

type Compare = (before: Preimage, after: Preimage, context: CauseContext) => readonly Cause[];

/** Names whose values differ, and names that only one of the two objects has. */
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
  const removed = before.packages.filter((name) => !after.packages.includes(name)).map((name) => `-${name}`);
  const added = after.packages.filter((name) => !before.packages.includes(name)).map((name) => `+${name}`);
  return removed.length + added.length === 0 ? [] : [{ cause: 'packages-changed', packages: [...removed, ...added] }];
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
    const paths = new Set([before, after].flatMap(({ inputs }) => pathsIn(ownProperty(inputs, port))));
    const isPath = (name: string | null): name is string => name !== null && paths.has(name);
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((name) => contentIn(was.get(name)) !== contentIn(is.get(name)))
      .map((name) => ({
        cause: 'input-changed' as const,
        port,
        ...(isPath(name) ? { recording: null, source: name } : { recording: name, source: sourceOf(port, name) }),
        from: digestIn(was.get(name)),
        to: digestIn(is.get(name)),
      }));
  });

/** Preimages of format 1 have no extensions. */
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

const COMPARISONS = [
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
export const differences = (before: Preimage, after: Preimage, context: CauseContext): Cause[] =>
  COMPARISONS.flatMap((compare) => compare(before, after, context));

const gatheredBy = (input: InputIdentity | undefined): readonly string[] =>
  input && 'gathered' in input ? input.gathered.map(({ recording }) => recording) : [];

const pathsIn = (input: InputIdentity | undefined): readonly string[] =>
  input && 'files' in input ? input.files.map(({ path }) => path) : [];

/** `absent`: an output that was not written; `empty`: a gathering of no recordings. Both differ from an undeclared input. */
type ComparedContent = InputContent | 'absent' | 'empty';

const digestIn = (input: ComparedContent | undefined): Digest | null =>
  typeof input === 'object' ? input.digest : null;

const extensionIn = (input: ComparedContent | undefined): string | undefined =>
  typeof input === 'object' ? input.extension : undefined;

const contentIn = (input: ComparedContent | undefined): string | undefined =>
  typeof input === 'object' ? input.digest : input;

/** The contents of an input by the recordings that it gathers or by the paths of its files; of another, under null. */
function contentsOf(input: InputIdentity | undefined): Map<string | null, ComparedContent> {
  if (!input) return new Map();
  if ('files' in input) return new Map(input.files.map(({ path, digest }) => [path, { digest, extension: '' }]));
  if (!('gathered' in input)) return new Map([[null, 'digest' in input ? input : 'absent']]);
  if (input.gathered.length === 0) return new Map([[null, 'empty']]);
  return new Map(input.gathered.map((item) => [item.recording, 'digest' in item ? item : 'absent']));
}
