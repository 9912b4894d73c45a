/** Solves linear systems of a covariance matrix. */

/** A lower triangular matrix L with L L' = A, row by row. */
export interface Cholesky {
  readonly size: number;
  readonly lower: Float64Array;
}

/**
 * Decomposes a symmetric positive definite matrix (`size` x `size`, row by row).
 *
 * @throws Error when it is not positive definite: a covariance with a ridge always is.
 */
export function cholesky(matrix: Float64Array, size: number): Cholesky {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(matrix, row * size + column);
      for (let k = 0; k < column; k++) sum -= at(lower, row * size + k) * at(lower, column * size + k);
      if (row !== column) {
        lower[row * size + column] = sum / at(lower, column * size + column);
        continue;
      }
      if (!(sum > 0)) throw new Error(`the matrix is not positive definite: pivot ${row} is ${sum}`);
      lower[row * size + row] = Math.sqrt(sum);
    }
  }
  return { size, lower };
}

/** L^-1 b: turns noise of this covariance into independent noise of variance 1. */
export function whiten({ size, lower }: Cholesky, vector: ArrayLike<number>): Float64Array {
  const solved = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = vector[row] as number;
    for (let k = 0; k < row; k++) sum -= at(lower, row * size + k) * at(solved, k);
    solved[row] = sum / at(lower, row * size + row);
  }
  return solved;
}

/** A^-1 b. */
export function solve(decomposed: Cholesky, vector: ArrayLike<number>): Float64Array {
  const { size, lower } = decomposed;
  const solved = whiten(decomposed, vector);
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(solved, row);
    for (let k = row + 1; k < size; k++) sum -= at(lower, k * size + row) * at(solved, k);
    solved[row] = sum / at(lower, row * size + row);
  }
  return solved;
}

const at = (values: Float64Array, index: number): number => values[index] as number;
