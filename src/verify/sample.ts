import { digestOf } from '../cache/digest.ts';

/** The names that a seed chooses: each name has a place of its own, so that a new one changes little. */
export function sampleOf<N extends string>(names: readonly N[], size: number, seed: string): ReadonlySet<N> {
  const placed = names.map((name) => ({ name, place: digestOf(`${seed}\n${name}`) }));
  placed.sort((a, b) => (a.place < b.place ? -1 : 1));
  return new Set(placed.slice(0, size).map(({ name }) => name));
}
