/** Starts to measure; what it returns says how many milliseconds have passed. A clock that is set meanwhile does not matter. */
export function stopwatch(): () => number {
  const began = performance.now();
  return () => Math.round(performance.now() - began);
}
