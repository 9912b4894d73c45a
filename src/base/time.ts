/** Starts a stopwatch. The returned function gives the milliseconds since then, also if the system clock is set meanwhile. */
export function stopwatch(): () => number {
  const began = performance.now();
  return () => Math.round(performance.now() - began);
}

/** Prints a duration: `340 ms`, `4.2 s`, `3 min 05 s`, `2 h 10 min`. */
export function durationText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const twoDigits = (n: number) => String(n).padStart(2, '0');
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${twoDigits(Math.floor((whole % 3600) / 60))} min`;
}

/** Prints an ISO time as `2026-11-22 13:35:12 UTC`, the same in every time zone. */
export const timeText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
