/**
 * Lowest and highest value of bins, four float32 at a time. AssemblyScript; `npm run wasm` compiles it to extremes.wasm.
 * Addresses are in bytes.
 */

/**
 * Writes the lowest value of each of `bins` adjacent bins of `size` values, at least 4, to `low`, and the highest to
 * `high`. Both are NaN if a value is NaN.
 */
export function extremes(values: usize, bins: usize, size: usize, low: usize, high: usize): void {
  let at = values;
  for (let bin: usize = 0; bin < bins; bin++) {
    // Begin with the last four; some of them are read again, which changes no extreme.
    const last = at + size * 4 - 16;
    let lows = v128.load(last);
    let highs = lows;
    // pmin and pmax take a single instruction each but ignore NaN; min and max take eight.
    let strange = f32x4.ne(lows, lows);
    for (; at < last; at += 16) {
      const four = v128.load(at);
      lows = f32x4.pmin(lows, four);
      highs = f32x4.pmax(highs, four);
      strange = v128.or(strange, f32x4.ne(four, four));
    }
    at = last + 16;
    lows = f32x4.pmin(lows, i32x4.shuffle(lows, lows, 2, 3, 0, 1));
    highs = f32x4.pmax(highs, i32x4.shuffle(highs, highs, 2, 3, 0, 1));
    const isStrange = v128.any_true(strange);
    store<f32>(low + bin * 4, isStrange ? NaN : min<f32>(f32x4.extract_lane(lows, 0), f32x4.extract_lane(lows, 1)));
    store<f32>(high + bin * 4, isStrange ? NaN : max<f32>(f32x4.extract_lane(highs, 0), f32x4.extract_lane(highs, 1)));
  }
}
