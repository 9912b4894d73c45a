/**
 * How far each value lies from a level that follows the median by one a step: of noise with spikes, small numbers.
 * Both ways are the same walk, so `fromRunningLevel` undoes `toRunningLevel` exactly.
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
