/** Computes principal components by power iteration, for only a few of many directions are needed. */

const ROUNDS = 60;
/** Most rows from which directions are computed: more rows hardly change them. */
const MOST_ROWS = 1000;

/** Scores of each row along the directions in which the rows vary most, the largest first. */
export function principalScores(rows: readonly Float64Array[], directions: number): Float64Array[] {
  const mean = meanOf(rows);
  const centred = rows.map((row) => subtract(row, mean));
  const step = Math.ceil(centred.length / MOST_ROWS);
  const found = strongestDirections(
    centred.filter((_, row) => row % step === 0),
    directions,
  );
  return centred.map((row) => Float64Array.from(found, (direction) => dot(row, direction)));
}

/** Orthogonal unit vectors along which the rows lie farthest from 0, the farthest first. */
export function strongestDirections(rows: readonly Float64Array[], directions: number): Float64Array[] {
  const size = rows[0]?.length ?? 0;
  const found: Float64Array[] = [];
  for (let direction = 0; direction < Math.min(directions, size); direction++) {
    found.push(strongest(rows, found, direction));
  }
  return found;
}

/** The mean of rows of one length; empty without any. */
export function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addScaled(mean, row, 1 / rows.length);
  return mean;
}

/** row - mean */
export const subtract = (row: Float64Array, mean: Float64Array): Float64Array =>
  row.map((value, k) => value - (mean[k] as number));

/** The direction with the largest sum of squares among those orthogonal to the directions in `before`. */
function strongest(rows: readonly Float64Array[], before: readonly Float64Array[], seed: number): Float64Array {
  const size = rows[0]?.length ?? 0;
  // Starts anywhere but orthogonal to the answer, and at the same vector on every machine.
  let vector: Float64Array = Float64Array.from({ length: size }, (_, k) => 1 + ((k * 7 + seed * 3) % 11));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size);
    for (const row of rows) addScaled(next, row, dot(row, vector));
    for (const direction of before) addScaled(next, direction, -dot(next, direction));
    const length = Math.sqrt(dot(next, next));
    if (length === 0) return next;
    vector = next.map((value) => value / length);
  }
  return vector;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** to += size x from */
export function addScaled(to: Float64Array, from: Float64Array, size: number): void {
  for (let k = 0; k < to.length; k++) to[k] = (to[k] as number) + size * (from[k] as number);
}
