/** tan(pi f / fs) of a corner at 100 Hz and 20 kHz, as a literal, for `Math.tan` is not the same on every machine. */
const K = 0.015709255323664916;

/** A Butterworth high-pass of order 3 at 100 Hz, as amplifiers have it: a first-order and a second-order section, in place. */
export function highPass(values: Float64Array): Float64Array {
  const pole = (1 - K) / (1 + K);
  const gain = 1 / (1 + K);
  const scale = 1 / (1 + K + K * K);
  const a1 = 2 * (K * K - 1) * scale;
  const a2 = (1 - K + K * K) * scale;
  let [x0, y0, u1, u2, v1, v2] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    const y = gain * (x - x0) + pole * y0;
    const v = scale * (y - 2 * u1 + u2) - a1 * v1 - a2 * v2;
    [x0, y0, u2, u1, v2, v1] = [x, y, u1, y, v1, v];
    values[i] = v;
  }
  return values;
}
