/** Reads the resources that an action needs from the document. */
import { parseBytes, parseSeconds } from '../../base/amounts.ts';
import type { Resources } from '../pipeline.ts';
import { entriesOf, isText, type Node, numberIn } from '../text/node.ts';

/** A field is null if it is missing or has the wrong form (reported by `validate.ts`). */
export function resourcesOf(node: Node | undefined): Resources {
  const entries = entriesOf(node);
  const [cpus, memory, time] = ['cpus', 'memory', 'time'].map((field) => entries.get(field)?.value);
  const bytes = isText(memory) ? parseBytes(memory.value) : undefined;
  const seconds = isText(time) ? parseSeconds(time.value) : numberIn(time);
  return {
    cpus: numberIn(cpus) ?? null,
    // At least 1: to Slurm, 0 means all memory of a node.
    memory: bytes === undefined ? null : Math.max(bytes, 1),
    time: seconds ?? null,
  };
}
