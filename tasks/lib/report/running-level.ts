/**
 * How far each value lies from a level that follows the median by one a step: of noise with spikes, small numbers.
 * Both ways are the same walk, so `fromRunningLevel` undoes `toRunningLevel` exactly.
 */
export function toRunningLevel(values: Int32Array): Int32Array {
  const level = runningLevel();
  return values.map((value) => {
    const distance = value - level.now();
    level.follow(distance);
    return distance;
  });
}

export function fromRunningLevel(distances: Int32Array): Int32Array {
  const level = runningLevel();
  return distances.map((distance) => {
    const value = level.now() + distance;
    level.follow(distance);
    return value;
  });
}

function runningLevel() {
  let level = 0;
  return {
    now: () => level,
    follow(distance: number) {
      level += Math.sign(distance);
    },
  };
}
