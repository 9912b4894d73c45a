/** Samples [start, end). */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/**
 * Joins the sound stretches that touch, cuts out `faults`, and leaves out periods shorter than `shortest` samples. Stretches are ascending and do not overlap.
 */
export function acceptedPeriods(sound: readonly Period[], faults: readonly Period[], shortest: number): Period[] {
  const joined: Period[] = [];
  for (const { start, end } of sound) {
    const last = joined.at(-1);
    if (last && last.end === start) joined[joined.length - 1] = { start: last.start, end };
    else joined.push({ start, end });
  }
  return faults.reduce<Period[]>(without, joined).filter(({ start, end }) => end - start >= Math.max(1, shortest));
}

function without(periods: readonly Period[], fault: Period): Period[] {
  return periods.flatMap(({ start, end }) => {
    if (fault.end <= start || fault.start >= end) return [{ start, end }];
    const left = { start, end: fault.start };
    const right = { start: fault.end, end };
    return [left, right].filter((period) => period.end > period.start);
  });
}
