/**
 * The inner loops of a selection: four float32 at a time. AssemblyScript; `npm run wasm` compiles it to bracket.wasm.
 * Addresses are in bytes, counts are multiples of 4. NaN is neither below nor inside.
 */

/** Number of values below `low` in the last call of `collect`. */
export let below: i32 = 0;

/** Writes the values from `low` to `high`, both included, to `into`, in order; returns their number. */
export function collect(values: usize, count: usize, low: f32, high: f32, into: usize): usize {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let belows = i32x4.splat(0);
  let next = into;
  for (let at = values, end = values + count * 4; at < end; at += 16) {
    const four = v128.load(at);
    const less = f32x4.lt(four, lows);
    belows = i32x4.sub(belows, less);
    const inside = v128.andnot(f32x4.le(four, highs), less);
    if (!v128.any_true(inside)) continue;
    // Each value is stored; the next value overwrites it unless it is inside.
    const mask = <usize>i32x4.bitmask(inside);
    store<f32>(next, f32x4.extract_lane(four, 0));
    next += (mask & 1) << 2;
    store<f32>(next, f32x4.extract_lane(four, 1));
    next += (mask & 2) << 1;
    store<f32>(next, f32x4.extract_lane(four, 2));
    next += mask & 4;
    store<f32>(next, f32x4.extract_lane(four, 3));
    next += (mask & 8) >> 1;
  }
  const pairs = i32x4.add(belows, i32x4.shuffle(belows, belows, 2, 3, 0, 1));
  below = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
  return (next - into) >> 2;
}

/** Replaces each value by its distance from `center`, rounded to float32. */
export function distances(values: usize, count: usize, center: f32): void {
  const centers = f32x4.splat(center);
  for (let at = values, end = values + count * 4; at < end; at += 16) {
    v128.store(at, f32x4.abs(f32x4.sub(v128.load(at), centers)));
  }
}
