/**
 * Replaces each value by its distance from a level that follows the median in steps of 1; noise with spikes becomes small
 * numbers. Both directions track the same level, so `fromRunningLevel` undoes `toRunningLevel` exactly.
 */
export function toRunningLevel(values: Int32Array): Int32Array {
  const distances = new Int32Array(values.length);
  let level = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = (values[i] as number) - level;
    distances[i] = distance;
    level += Math.sign(distance);
  }
  return distances;
}

export function fromRunningLevel(distances: Int32Array): Int32Array {
  const values = new Int32Array(distances.length);
  let level = 0;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] as number;
    values[i] = level + distance;
    level += Math.sign(distance);
  }
  return values;
}
