/** Applies the command line's changes to a document: `--profile`, then `--each`, then `--set`. */
import type { Diagnostic, Range, Source } from '../../base/diagnostic.ts';
import { readYaml } from './document.ts';
import { mergePatch } from './merge-patch.ts';
import { type Entry, entriesOf, isMap, type MapNode, type Node, rangeIn, withEntry } from './node.ts';
import { suggestion } from './suggestion.ts';

export interface Overrides {
  /** A name under `profiles:`. */
  readonly profile?: string | undefined;
  /** `recording=a,b`. */
  readonly each?: string | undefined;
  /** `step.param=value`, in the order given. */
  readonly set?: readonly string[] | undefined;
}

interface Overridden {
  readonly root: MapNode;
  readonly diagnostics: readonly Diagnostic[];
}

export function override(root: MapNode, { profile, each, set = [] }: Overrides): Overridden {
  const diagnostics: Diagnostic[] = [];
  let current = root;
  const apply = (result: MapNode | Diagnostic | readonly Diagnostic[]): void => {
    if ('kind' in result) current = result;
    else diagnostics.push(...[result].flat());
  };
  if (profile !== undefined) apply(withProfile(current, { name: '--profile', text: profile }));
  if (each !== undefined) apply(withRecordings(current, { name: '--each', text: each }));
  for (const text of set) apply(withParameter(current, { name: '--set', text }));
  return { root: current, diagnostics };
}

const whole = (source: Source): Range => rangeIn(source, 0, source.text.length);

function withProfile(root: MapNode, source: Source): MapNode | Diagnostic {
  const profiles = entriesOf(root.entries.get('profiles')?.value);
  const patch = profiles.get(source.text)?.value;
  if (patch === undefined) {
    const message = `there is no profile '${source.text}'`;
    const noProfiles = { hint: "the pipeline has no 'profiles'" };
    return {
      range: whole(source),
      message,
      ...(profiles.size === 0 ? noProfiles : suggestion(source.text, profiles.keys(), 'profiles')),
    };
  }
  // A profile that is not a map is reported with the other mistakes of form.
  const patched = mergePatch(root, patch);
  return isMap(patch) && isMap(patched) ? patched : root;
}

function withRecordings(root: MapNode, source: Source): MapNode | Diagnostic {
  const equals = source.text.indexOf('=');
  const name = source.text.slice(0, Math.max(equals, 0)).trim();
  if (name !== 'recording') {
    const range = equals > 0 ? rangeIn(source, 0, equals) : whole(source);
    return { range, message: "this must be 'recording=' and the names", hint: 'for example --each recording=a,b' };
  }
  const key = rangeIn(source, 0, equals);
  const items: Node[] = [];
  let start = equals + 1;
  for (const part of source.text.slice(start).split(',')) {
    const from = start + part.length - part.trimStart().length;
    const range = rangeIn(source, from, from + part.trim().length);
    start += part.length + 1;
    if (part.trim() === '') return { range, message: 'a recording has no name here', hint: 'write recording=a,b' };
    items.push({ kind: 'scalar', range, value: part.trim() });
  }
  const list: Node = { kind: 'list', range: rangeIn(source, equals + 1, source.text.length), items };
  const each: Node = { kind: 'map', range: whole(source), entries: new Map([['recording', { key, value: list }]]) };
  return withEntry(root, 'each', { key, value: each });
}

function withParameter(root: MapNode, source: Source): MapNode | Diagnostic | readonly Diagnostic[] {
  const equals = source.text.indexOf('=');
  const target = source.text.slice(0, Math.max(equals, 0));
  const steps = root.entries.get('steps');
  const names = entriesOf(steps?.value);
  const dot = stepEnd(target, names);
  if (dot < 1 || dot === target.length - 1) {
    const hint = 'for example --set detect.mad_multiplier=7.5';
    return { range: whole(source), message: 'this must be step.parameter=value', hint };
  }
  const name = target.slice(0, dot);
  const step = names.get(name);
  if (step === undefined) {
    const message = `there is no step '${name}'`;
    return { range: rangeIn(source, 0, dot), message, ...suggestion(name, names.keys(), 'steps') };
  }
  const { node, diagnostics } = readYaml(source, equals + 1);
  if (diagnostics.length > 0) return diagnostics;
  if (node === null) {
    const message = `no value is given for '${target}'`;
    return { range: whole(source), message, hint: `write ${target}=null if nothing is meant, or ${target}='""'` };
  }
  const param = target.slice(dot + 1);
  if (param === '__proto__') return { range: rangeIn(source, dot + 1, equals), message: `'${param}' cannot be a name` };
  if (!isMap(steps?.value) || !isMap(step.value)) return root;
  const params = step.value.entries.get('params') ?? emptyParams(source, equals);
  if (!isMap(params.value)) return root;
  const entry = { key: rangeIn(source, dot + 1, equals), value: node };
  const changed = withEntry(step.value, 'params', { ...params, value: withEntry(params.value, param, entry) });
  return withEntry(root, 'steps', { ...steps, value: withEntry(steps.value, name, { ...step, value: changed }) });
}

/** Finds the end of the step's name, which may contain dots: the longest name of a step, else up to the first dot. */
function stepEnd(target: string, steps: ReadonlyMap<string, Entry>): number {
  for (let dot = target.lastIndexOf('.'); dot > 0; dot = target.lastIndexOf('.', dot - 1)) {
    if (steps.has(target.slice(0, dot))) return dot;
  }
  return target.indexOf('.');
}

function emptyParams(source: Source, end: number): Entry {
  const range = rangeIn(source, 0, end);
  return { key: range, value: { kind: 'map', range, entries: new Map() } };
}
