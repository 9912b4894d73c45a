/** Shows how well a number tells two kinds of recordings apart, over all limits. */
export interface RocPoint {
  /** Recordings over this limit are flagged. */
  readonly limit: number;
  /** Shares of the negatives and of the positives that are flagged. */
  readonly falsePositive: number;
  readonly truePositive: number;
}

/**
 * Computes the curve from nothing flagged to everything, with a point at each limit at which it turns. Equal scores are flagged
 * together. Neither list may be empty.
 */
export function rocCurve(positives: readonly number[], negatives: readonly number[]): RocPoint[] {
  const scores = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((a, b) => b.score - a.score);
  const points: RocPoint[] = [];
  let [found, wrong] = [0, 0];
  for (const [row, { score, positive }] of scores.entries()) {
    if (row === 0 || score !== scores[row - 1]?.score) add(points, pointAt(score));
    if (positive) found++;
    else wrong++;
  }
  return [...points, pointAt(Number.NEGATIVE_INFINITY)];

  function pointAt(limit: number): RocPoint {
    return { limit, falsePositive: wrong / negatives.length, truePositive: found / positives.length };
  }
}

/** On a straight upright or level line only its ends matter. */
function add(points: RocPoint[], next: RocPoint): void {
  const [before, last] = points.slice(-2);
  const straight = (side: 'falsePositive' | 'truePositive') =>
    before && last && before[side] === last[side] && last[side] === next[side];
  if (straight('falsePositive') || straight('truePositive')) points.pop();
  points.push(next);
}

/** The area under a curve: how often a positive scores higher than a negative, equal ones counting half. */
export function areaUnder(curve: readonly Pick<RocPoint, 'falsePositive' | 'truePositive'>[]): number {
  let area = 0;
  for (let i = 1; i < curve.length; i++) {
    const [a, b] = [curve[i - 1], curve[i]];
    if (a && b) area += ((b.falsePositive - a.falsePositive) * (a.truePositive + b.truePositive)) / 2;
  }
  return area;
}
