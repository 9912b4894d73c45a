/** From groups to job arrays: one a phase and size of task, as long as the cluster allows. Pure. */
import type { Resources, Step } from '../pipeline/pipeline.ts';
import type { Group } from './groups.ts';

export interface PlannedArray {
  readonly phase: number;
  /** Of each task. */
  readonly resources: Resources;
  readonly groups: readonly Group[];
}

/** Tasks of one array have one size, and an array has at most `most` of them. */
export function arraysOf(
  groups: readonly Group[],
  sizeOf: (group: Group) => Resources,
  most: number,
): readonly PlannedArray[] {
  const alike = new Map<string, PlannedArray & { readonly groups: Group[] }>();
  for (const group of groups) {
    const resources = sizeOf(group);
    const id = JSON.stringify([group.phase, resources.cpus, resources.memory, resources.time]);
    const array = alike.get(id);
    if (array) array.groups.push(group);
    else alike.set(id, { phase: group.phase, resources, groups: [group] });
  }
  return [...alike.values()].flatMap((array) => {
    const parts = Math.ceil(array.groups.length / most);
    return Array.from({ length: parts }, (_, i) => ({
      ...array,
      groups: array.groups.slice(i * most, (i + 1) * most),
    }));
  });
}

/**
 * What a task takes that runs these steps one after the other, each as often as it may be retried. Where one step's
 * time is not known, neither is the task's; of memory and cpus the largest known counts.
 */
export function sizeOfTask(steps: readonly Step[], defaults: Resources): Resources {
  const largest = (name: 'cpus' | 'memory') => {
    const known = steps.flatMap(({ resources }) => resources[name] ?? defaults[name] ?? []);
    return known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null;
  };
  const times = steps.map(({ resources, retries }) => {
    const time = resources.time ?? defaults.time;
    return time === null ? null : time * (retries + 1);
  });
  const time = times.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  return { cpus: largest('cpus'), memory: largest('memory'), time };
}
