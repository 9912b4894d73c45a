/**
 * Counts each uint16 in each column of interleaved frames. AssemblyScript; `npm run wasm` compiles it to
 * count-columns.wasm. Addresses and distances are in bytes.
 */

/** Distance between the 65536 counters of two columns: at a power of two, all columns would compete for the same cache lines. */
export const counterBytes: usize = 65536 * 4 + 17 * 64;

/**
 * @param frames the first column's sample of the first frame; frames are `frameBytes` apart.
 * @param counters uint32, column by column.
 */
export function countColumns(
  frames: usize,
  frameCount: usize,
  frameBytes: usize,
  columns: usize,
  counters: usize,
): void {
  const end = frames + frameCount * frameBytes;
  let column: usize = 0;
  // Eight columns at a time: the frames are read an eighth as often, and successive equal values, which are common, do
  // not wait for each other's counter.
  for (; column + 8 <= columns; column += 8) {
    const firstCounter = counters + column * counterBytes;
    for (let at = frames + column * 2; at < end; at += frameBytes) {
      let counter = firstCounter + ((<usize>load<u16>(at)) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
      counter = firstCounter + ((<usize>load<u16>(at, 2)) << 2);
      store<u32>(counter, load<u32>(counter, 1 * counterBytes) + 1, 1 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 4)) << 2);
      store<u32>(counter, load<u32>(counter, 2 * counterBytes) + 1, 2 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 6)) << 2);
      store<u32>(counter, load<u32>(counter, 3 * counterBytes) + 1, 3 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 8)) << 2);
      store<u32>(counter, load<u32>(counter, 4 * counterBytes) + 1, 4 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 10)) << 2);
      store<u32>(counter, load<u32>(counter, 5 * counterBytes) + 1, 5 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 12)) << 2);
      store<u32>(counter, load<u32>(counter, 6 * counterBytes) + 1, 6 * counterBytes);
      counter = firstCounter + ((<usize>load<u16>(at, 14)) << 2);
      store<u32>(counter, load<u32>(counter, 7 * counterBytes) + 1, 7 * counterBytes);
    }
  }
  for (; column < columns; column++) {
    const firstCounter = counters + column * counterBytes;
    for (let at = frames + column * 2; at < end; at += frameBytes) {
      const counter = firstCounter + ((<usize>load<u16>(at)) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
    }
  }
}
