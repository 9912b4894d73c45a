/** Sorts dependencies first. */

export interface DependencyOrder {
  /** Each index after all that it needs, otherwise in the order given. */
  readonly order: readonly number[];
  /** The circles found, each as the indexes along it: each index needs the next, the last needs the first. */
  readonly cycles: readonly (readonly number[])[];
}

/** Searches depth first, without recursion: a chain may be as long as a pipeline. */
export function dependencyOrder(count: number, needs: (index: number) => readonly number[]): DependencyOrder {
  const order: number[] = [];
  const cycles: number[][] = [];
  const state = new Uint8Array(count); // 0 not visited, 1 on the path, 2 done
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    state[root] = 1;
    const path = [{ index: root, needs: needs(root), next: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const index = top.needs[top.next++];
      if (index === undefined) {
        state[top.index] = 2;
        order.push(top.index);
        path.pop();
      } else if (state[index] === 0) {
        state[index] = 1;
        path.push({ index, needs: needs(index), next: 0 });
      } else if (state[index] === 1) {
        const indexes = path.map((visit) => visit.index);
        cycles.push(indexes.slice(indexes.indexOf(index)));
      }
    }
  }
  return { order, cycles };
}
