/**
 * Selects actions by the names that a person gives: actions, steps, or no name for everything. In a name `*` stands for any
 * characters but `@`. A `+` at its end adds all that follows from the actions. Names of steps and items have neither.
 */

import type { ActionName } from '../base/action-name.ts';
import type { RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Graph } from './graph.ts';
import { nearest, nearestToPattern } from './text/nearest.ts';

export interface TargetNames {
  readonly targets: readonly string[];
  /** Leaves these out of the targets, and all that needs them. */
  readonly skip: readonly string[];
}

export interface Selection extends Graph {
  /** The actions that the names stand for; the other actions are selected because these need them. */
  readonly targets: readonly ActionName[];
  /** The actions that would be selected if `skip` were empty. */
  readonly notSelected: readonly ActionName[];
}

/** A name without its `+`. */
interface Pattern {
  readonly base: string;
  readonly hasPlus: boolean;
}

/** Returns the targets and all that they need, in the order of the graph. Fails if a name stands for no action. */
export function selectTargets(graph: Graph, { targets: names, skip }: TargetNames): Result<Selection, RunFailure> {
  const all = graph.actions.map(({ name }) => name);
  if (names.length === 0 && skip.length === 0) return ok({ actions: graph.actions, targets: all, notSelected: [] });
  const unknown = unknownNames(graph, [...names, ...skip]);
  if (unknown.length > 0) return err({ reason: 'target-unknown', targets: unknown });

  const wanted = names.length === 0 ? new Set(all) : withFollowing(graph, names);
  const skipped = withDependants(graph, matching(graph, skip));
  const targets = all.filter((name) => wanted.has(name) && !skipped.has(name));
  if (targets.length === 0 && skip.length > 0) return err(nothingLeft(skip));
  const selected = withNeeds(graph, targets);
  const without = skip.length === 0 ? selected : withNeeds(graph, wanted);
  return ok({
    actions: graph.actions.filter(({ name }) => selected.has(name)),
    targets,
    notSelected: all.filter((name) => without.has(name) && !selected.has(name)),
  });
}

const nothingLeft = (skip: readonly string[]): RunFailure => ({
  reason: 'usage',
  message: `nothing is left to do: every target is skipped, or needs an action that is skipped (${skip.map((name) => `--skip ${name}`).join(' ')})`,
});

/** The actions that the names stand for, with all that follows from names with a `+`. */
function withFollowing(graph: Graph, names: readonly string[]): ReadonlySet<ActionName> {
  const followed = names.filter((name) => patternOf(name).hasPlus);
  return new Set([...matching(graph, names), ...withDependants(graph, matching(graph, followed))]);
}

const patternOf = (name: string): Pattern =>
  name.endsWith('+') ? { base: name.slice(0, -1), hasPlus: true } : { base: name, hasPlus: false };

/** The actions that the names stand for, without what follows. */
function matching({ actions }: Graph, names: readonly string[]): ReadonlySet<ActionName> {
  const bases = names.map((name) => patternOf(name).base);
  const exact = new Set(bases);
  const patterns = bases.filter((base) => base.includes('*'));
  const isNamed = (name: string) => exact.has(name) || patterns.some((pattern) => fits(pattern, name));
  return new Set(actions.filter(({ name, step }) => isNamed(name) || isNamed(step.name)).map(({ name }) => name));
}

function fits(pattern: string, name: string): boolean {
  const [sides, parts] = [pattern.split('@'), name.split('@')];
  return sides.length === parts.length && sides.every((side, index) => fitsSide(side, parts[index] ?? ''));
}

/** Takes the first place for each piece between stars, which is enough and takes linear time. */
function fitsSide(pattern: string, text: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return first === text;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const piece of others) {
    const at = text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return from + last.length <= text.length;
}

/** Adds all actions that take from these, over any number of others. */
function withDependants({ actions }: Graph, from: ReadonlySet<ActionName>): ReadonlySet<ActionName> {
  const following = new Set(from);
  if (from.size === 0) return following;
  // An action comes after all that it needs.
  for (const { name, needs } of actions) if (needs.some((need) => following.has(need))) following.add(name);
  return following;
}

function withNeeds({ actions }: Graph, targets: Iterable<ActionName>): ReadonlySet<ActionName> {
  const selected = new Set(targets);
  // Go backwards: an action comes before all that need it.
  for (const { name, needs } of actions.toReversed()) {
    if (selected.has(name)) for (const need of needs) selected.add(need);
  }
  return selected;
}

interface UnknownTarget {
  readonly name: string;
  readonly nearest?: string;
}

/** The names that stand for no action, each once. */
function unknownNames({ actions }: Graph, names: readonly string[]): readonly UnknownTarget[] {
  const known = new Set<string>(actions.flatMap(({ name, step }) => [name, step.name]));
  const isKnown = (base: string) =>
    known.has(base) || (base.includes('*') && [...known].some((name) => fits(base, name)));
  const unknown = [...new Set(names)].filter((name) => !isKnown(patternOf(name).base));
  return unknown.map((name) => withNearest(name, known));
}

/** The nearest name has a `+` too if the unknown name has one. */
function withNearest(name: string, known: ReadonlySet<string>): UnknownTarget {
  const { base, hasPlus } = patternOf(name);
  const near = base.includes('*') ? nearestToPattern(base, ofKind(base, known)) : nearest(base, known);
  return near === undefined ? { name } : { name, nearest: hasPlus ? `${near}+` : near };
}

/** The actions of items for a pattern with `@`, else the steps: a pattern matches no others. */
const ofKind = (pattern: string, known: ReadonlySet<string>): readonly string[] =>
  [...known].filter((name) => name.includes('@') === pattern.includes('@'));
