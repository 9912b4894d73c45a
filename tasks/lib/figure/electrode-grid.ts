/** The place at which a channel is drawn. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export interface ElectrodeGrid {
  readonly columns: number;
  readonly rows: number;
  /** The cell of each channel, in the order of the channels. */
  readonly cells: readonly Cell[];
  /** Whether cells follow the array, as opposed to a compact arrangement in file order. */
  readonly isArray: boolean;
}

/** Positions with more distinct rows or columns do not form a grid. */
const MAX_ROWS = 64;

/** Arranges channels by their positions (any unit, y upwards); null if the positions do not form a grid. */
export function gridOfPositions(positions: readonly (readonly [x: number, y: number])[]): ElectrodeGrid | null {
  const ranks = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const xs = ranks(positions.map(([x]) => x));
  const ys = ranks(positions.map(([, y]) => y));
  if (positions.length === 0 || xs.length > MAX_ROWS || ys.length > MAX_ROWS) return null;
  const cells = positions.map(([x, y]) => ({ column: xs.indexOf(x), row: ys.length - 1 - ys.indexOf(y) }));
  return { columns: xs.length, rows: ys.length, cells, isArray: true };
}

const SIDE = 16;

/**
 * Arranges the 252 channels of the 16 x 16 array (file columns 0 to 125 and 128 to 253) down its columns from the top
 * left, without its four corners. That is the order of the file, which may differ from the order on the chip: the
 * recordings come without a map. Any other set of channels is arranged as compactly as possible, row by row.
 */
export function electrodeGrid(fileChannels: Int32Array | readonly number[]): ElectrodeGrid {
  const channels = Array.from(fileChannels);
  const isArray = channels.length === 252 && channels.every((channel) => positionOnArray(channel) !== null);
  if (isArray) {
    const cells = channels.map((channel) => positionOnArray(channel) ?? { column: 0, row: 0 });
    return { columns: SIDE, rows: SIDE, cells, isArray };
  }
  const columns = Math.max(1, Math.ceil(Math.sqrt(channels.length)));
  const rows = Math.max(1, Math.ceil(channels.length / columns));
  const cells = channels.map((_, i) => ({ column: i % columns, row: Math.floor(i / columns) }));
  return { columns, rows, cells, isArray };
}

/** Maps a file column to its cell; cells are counted down the columns, and the corners 0, 15, 240, 255 are skipped. */
function positionOnArray(channel: number): Cell | null {
  const isElectrode = (channel >= 0 && channel < 126) || (channel >= 128 && channel < 254);
  if (!isElectrode || !Number.isInteger(channel)) return null;
  const index = channel < 126 ? channel : channel - 2;
  const cornersBefore = [0, 14, 238].filter((first) => index >= first).length;
  const cell = index + cornersBefore;
  return { column: Math.floor(cell / SIDE), row: cell % SIDE };
}
