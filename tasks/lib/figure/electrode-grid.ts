/** Where channels are drawn. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export interface ElectrodeGrid {
  readonly columns: number;
  readonly rows: number;
  /** One a channel, in their order. */
  readonly cells: readonly Cell[];
  /** Whether this is the 252-electrode array, and not just a compact arrangement. */
  readonly isArray: boolean;
}

/** More rows or columns than this are no grid. */
const MOST = 64;

/**
 * Channels at their places, by where they lie in any unit, y upwards; null where that is no grid of rows and columns.
 */
export function gridOfPositions(positions: readonly (readonly [x: number, y: number])[]): ElectrodeGrid | null {
  const ranks = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const xs = ranks(positions.map(([x]) => x));
  const ys = ranks(positions.map(([, y]) => y));
  if (positions.length === 0 || xs.length > MOST || ys.length > MOST) return null;
  const cells = positions.map(([x, y]) => ({ column: xs.indexOf(x), row: ys.length - 1 - ys.indexOf(y) }));
  return { columns: xs.length, rows: ys.length, cells, isArray: true };
}

const side = 16;

/**
 * The 252 channels of the 16 x 16 array (file columns 0 to 125 and 128 to 253) down its columns from the top
 * left, its four corners left out. That is the order of the file, which need not be the order on the chip: the
 * recordings do not come with a map. Any other set of channels is laid out as compactly as possible, row by row.
 */
export function electrodeGrid(fileChannels: Int32Array | readonly number[]): ElectrodeGrid {
  const channels = Array.from(fileChannels);
  const isArray = channels.length === 252 && channels.every((channel) => positionOnArray(channel) !== null);
  if (isArray) {
    const cells = channels.map((channel) => positionOnArray(channel) ?? { column: 0, row: 0 });
    return { columns: side, rows: side, cells, isArray };
  }
  const columns = Math.max(1, Math.ceil(Math.sqrt(channels.length)));
  const rows = Math.max(1, Math.ceil(channels.length / columns));
  const cells = channels.map((_, i) => ({ column: i % columns, row: Math.floor(i / columns) }));
  return { columns, rows, cells, isArray };
}

/** The first 126 channels lie behind one corner, the next behind three: the corners are 0, 15, 240 and 255. */
function positionOnArray(channel: number): Cell | null {
  const index = channel < 126 ? channel : channel >= 128 && channel < 254 ? channel - 2 : -1;
  if (!Number.isInteger(index) || index < 0) return null;
  const place = index < 14 ? index + 1 : index < 238 ? index + 2 : index + 3;
  return { column: Math.floor(place / side), row: place % side };
}
