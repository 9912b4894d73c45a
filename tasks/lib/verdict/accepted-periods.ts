/** Samples [start, end). */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/**
 * The sound stretches, joined where they touch, less what lies in `faults`; those shorter than `shortest` samples are left
 * out. Stretches are ascending and do not overlap.
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
