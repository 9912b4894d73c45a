/** A cell's spikes in order of time: their samples, and the trace's values there. */
export interface Spikes {
  readonly sampleIndex: readonly number[];
  readonly amplitude: readonly number[];
}

/** Merges two trains in order of time. */
export function mergeSpikes(a: Spikes, b: Spikes): Spikes {
  const rows = [...rowsOf(a), ...rowsOf(b)].sort((left, right) => left.sampleIndex - right.sampleIndex);
  return { sampleIndex: rows.map((row) => row.sampleIndex), amplitude: rows.map((row) => row.amplitude) };
}

function rowsOf({ sampleIndex, amplitude }: Spikes): { sampleIndex: number; amplitude: number }[] {
  return sampleIndex.map((index, row) => ({ sampleIndex: index, amplitude: amplitude[row] as number }));
}
