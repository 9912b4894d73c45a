/** Puts groups into job arrays. Pure. */
import type { Resources, Step } from '../pipeline/pipeline.ts';
import type { Group } from './groups.ts';

export interface PlannedArray {
  readonly phase: number;
  /** The resources of each slot. */
  readonly resources: Resources;
  /** A slot for each group. */
  readonly groups: readonly Group[];
}

/** Groups of the same phase and resources share an array, which has at most `most` slots. */
export function arraysOf(
  groups: readonly Group[],
  resourcesOf: (group: Group) => Resources,
  most: number,
): readonly PlannedArray[] {
  const arrays = new Map<string, PlannedArray & { readonly groups: Group[] }>();
  for (const group of groups) {
    const resources = resourcesOf(group);
    const id = JSON.stringify([group.phase, resources.cpus, resources.memory, resources.time]);
    const array = arrays.get(id);
    if (array) array.groups.push(group);
    else arrays.set(id, { phase: group.phase, resources, groups: [group] });
  }
  return [...arrays.values()].flatMap((array) => {
    const parts = Math.ceil(array.groups.length / most);
    return Array.from({ length: parts }, (_, i) => ({
      ...array,
      groups: array.groups.slice(i * most, (i + 1) * most),
    }));
  });
}

/**
 * The resources of a slot that runs these steps in turn, each as often as its retries allow. The time is unknown if the
 * time of any step is; cpus and memory are the largest that are known.
 */
export function slotResources(steps: readonly Step[], defaults: Resources): Resources {
  const largest = (name: 'cpus' | 'memory') => {
    const known = steps.flatMap(({ resources }) => resources[name] ?? defaults[name] ?? []);
    return known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null;
  };
  const times = steps.map(({ resources, retries }) => {
    const time = resources.time ?? defaults.time;
    return time === null ? null : time * (retries + 1);
  });
  const time = times.reduce((sum, step) => (sum === null || step === null ? null : sum + step), 0);
  return { cpus: largest('cpus'), memory: largest('memory'), time };
}
