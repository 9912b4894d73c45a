import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cholesky, solve, whiten } from '../../../../tasks/lib/witness/cholesky.ts';

const SIZE = 6;
const matrices = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
  minLength: SIZE * SIZE,
  maxLength: SIZE * SIZE,
});
const vectors = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: SIZE, maxLength: SIZE });

/** B B' + 1: symmetric and positive definite for every B. */
function positiveDefinite(b: readonly number[]): Float64Array {
  const matrix = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      for (let k = 0; k < SIZE; k++) {
        matrix[i * SIZE + j] =
          (matrix[i * SIZE + j] as number) + (b[i * SIZE + k] as number) * (b[j * SIZE + k] as number);
      }
    }
    matrix[i * SIZE + i] = (matrix[i * SIZE + i] as number) + 1;
  }
  return matrix;
}

test('solve returns the vector that the matrix turns into the right-hand side', () => {
  fc.assert(
    fc.property(matrices, vectors, (b, vector) => {
      const matrix = positiveDefinite(b);
      const solved = solve(cholesky(matrix, SIZE), vector);
      for (let i = 0; i < SIZE; i++) {
        const product = solved.reduce((sum, value, k) => sum + (matrix[i * SIZE + k] as number) * value, 0);
        expect(product).toBeCloseTo(vector[i] as number, 6);
      }
    }),
  );
});

test('whiten keeps the length of a vector in the metric of the matrix', () => {
  fc.assert(
    fc.property(matrices, vectors, (b, vector) => {
      const decomposed = cholesky(positiveDefinite(b), SIZE);
      const white = whiten(decomposed, vector);
      const solved = solve(decomposed, vector);
      const length = solved.reduce((sum, value, k) => sum + value * (vector[k] as number), 0);
      expect(white.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(length, 6);
    }),
  );
});

test('cholesky refuses a matrix that is not positive definite', () => {
  expect(() => cholesky(Float64Array.of(1, 2, 2, 1), 2)).toThrow('not positive definite');
});
