/** Steps that need each other in a circle. */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { dependencyOrder } from '../order.ts';
import type { StepDraft } from './draft.ts';
import type { Wire } from './wire.ts';

type Wired = { readonly step: StepDraft; readonly wires: ReadonlyMap<string, Wire> };

/** One diagnostic a circle; its trail runs the way that results would flow. */
export function checkCycles(steps: readonly Wired[]): readonly Diagnostic[] {
  const indexes = new Map(steps.map(({ step }, index) => [step.name, index]));
  const needs = steps.map(({ wires }) =>
    [...wires.values()].flatMap((wire) => (wire.kind === 'port' ? [indexes.get(wire.from.name) ?? 0] : [])),
  );
  const { cycles } = dependencyOrder(steps.length, (index) => [...new Set(needs[index])]);
  return cycles.map((cycle) => describe(cycle.map((index) => steps[index] as Wired)));
}

function describe(cycle: readonly Wired[]): Diagnostic {
  const names = cycle.map(({ step }) => step.name);
  const trail = [names[0], ...names.slice(1).reverse(), names[0]].join(' -> ');
  const places = cycle.flatMap(({ step, wires }, at) => {
    const next = names[(at + 1) % names.length];
    const wire = [...wires.values()].find((one) => one.kind === 'port' && one.from.name === next);
    if (wire?.kind !== 'port') return [];
    return [{ range: wire.reference.range, message: `'${step.name}' takes '${wire.reference.value}'` }];
  });
  const [first, ...related] = places as [(typeof places)[number], ...typeof places];
  const message = `the steps go round in a circle: ${trail}`;
  const hint = 'a step cannot need its own result: take one of these inputs from elsewhere';
  return { range: first.range, message, hint, ...(related.length === 0 ? {} : { related }) };
}
