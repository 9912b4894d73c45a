/** Reports steps that need each other in a circle. */
import type { Diagnostic } from '../../base/diagnostic.ts';
import { dependencyOrder } from '../order.ts';
import type { Connection } from './connection.ts';
import type { StepDraft } from './draft.ts';

type ConnectedStep = { readonly step: StepDraft; readonly connections: ReadonlyMap<string, Connection> };

/** Makes a diagnostic per circle; its trail follows the flow of results. */
export function checkCycles(steps: readonly ConnectedStep[]): readonly Diagnostic[] {
  const indexes = new Map(steps.map(({ step }, index) => [step.name, index]));
  const needs = steps.map(({ connections }) =>
    [...connections.values()].flatMap((connection) =>
      connection.kind === 'port' ? [indexes.get(connection.from.name) ?? 0] : [],
    ),
  );
  const { cycles } = dependencyOrder(steps.length, (index) => [...new Set(needs[index])]);
  return cycles.map((cycle) => describe(cycle.map((index) => steps[index] as ConnectedStep)));
}

function describe(cycle: readonly ConnectedStep[]): Diagnostic {
  const names = cycle.map(({ step }) => step.name);
  const trail = [names[0], ...names.slice(1).reverse(), names[0]].join(' -> ');
  const places = cycle.flatMap(({ step, connections }, at) => {
    const next = names[(at + 1) % names.length];
    const connection = [...connections.values()].find((one) => one.kind === 'port' && one.from.name === next);
    if (connection?.kind !== 'port') return [];
    return [{ range: connection.reference.range, message: `'${step.name}' takes '${connection.reference.value}'` }];
  });
  const [first, ...related] = places as [(typeof places)[number], ...typeof places];
  const message = `the steps go round in a circle: ${trail}`;
  const hint = 'a step cannot need its own result: take one of these inputs from elsewhere';
  return { range: first.range, message, hint, ...(related.length === 0 ? {} : { related }) };
}
