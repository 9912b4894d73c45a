/** What an action takes, read from the document. */
import { parseBytes, parseSeconds } from '../../base/amounts.ts';
import type { Resources } from '../pipeline.ts';
import { entriesOf, isText, type Node, numberIn } from '../text/node.ts';

/** What is not said, or has the wrong form (reported by `validate.ts`), is null. */
export function resourcesOf(node: Node | undefined): Resources {
  const entries = entriesOf(node);
  const [cpus, memory, time] = ['cpus', 'memory', 'time'].map((field) => entries.get(field)?.value);
  const bytes = isText(memory) ? parseBytes(memory.value) : undefined;
  const seconds = isText(time) ? parseSeconds(time.value) : numberIn(time);
  return {
    cpus: numberIn(cpus) ?? null,
    // Slurm takes 0 for all that a node has.
    memory: bytes === undefined ? null : Math.max(bytes, 1),
    time: seconds ?? null,
  };
}
