/** Models the array of a replica: the meaning of each column of the MEA file, its noise, and the cell's signal. */

export interface ArrayModel {
  /** File columns of the electrodes, in the order of their places on the grid. */
  readonly electrodes: readonly number[];
  /** The place of each electrode, in the order of `electrodes`. */
  readonly places: readonly Place[];
  /** File column of the electrode next to the cell. */
  readonly nearest: number;
  /** Noise MAD of each file column, in converter steps; 0 for columns without an electrode. */
  readonly noise: Float64Array;
  /** Depth of the cell's spike in each file column, in converter steps; 0 for columns without an electrode. */
  readonly depth: Float64Array;
}

/** Columns of a file with all 256 columns that stand for the grid's corners and carry triggers and sync. */
export const AUXILIARY = { columns: 256, idle: [126, 127], juxta: 254, sync: 255 } as const;

const PITCH = 30;
/** Distance in um at which a spike has half its depth. */
const HALF_DEPTH = 40;

/** A place on the grid in um. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Models a square grid, filled row by row, without its corners if there are 256 columns. Noise is 5 to 9 uV and differs
 * between electrodes; the spike's depth on the nearest electrode is `snr` times the noise there.
 */
export function arrayModel(columns: number, snr: number, random: () => number): ArrayModel {
  const { electrodes, places } = columns === AUXILIARY.columns ? fullGrid() : smallGrid(columns);
  const noise = new Float64Array(columns);
  for (const column of electrodes) noise[column] = 50 + (random() % 36);
  const cell = random() % electrodes.length;
  const nearest = electrodes[cell] as number;
  const top = snr * (noise[nearest] as number);
  const depth = new Float64Array(columns);
  for (const [electrode, column] of electrodes.entries()) {
    depth[column] = top * shareAt(places[electrode] as Place, places[cell] as Place);
  }
  return { electrodes, places, nearest, noise, depth };
}

/** Returns the share of a spike's depth that remains at `a` for a cell at `b`. */
export function shareAt(a: Place, b: Place): number {
  const squared = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
  return 1 / (1 + squared / (HALF_DEPTH * HALF_DEPTH));
}

interface Grid {
  readonly electrodes: readonly number[];
  readonly places: readonly Place[];
}

function fullGrid(): Grid {
  const { columns, idle, juxta, sync } = AUXILIARY;
  const auxiliary = new Set<number>([...idle, juxta, sync]);
  const corners = new Set([0, 15, columns - 16, columns - 1]);
  return {
    electrodes: upTo(columns).filter((column) => !auxiliary.has(column)),
    places: upTo(columns)
      .filter((place) => !corners.has(place))
      .map((place) => placeAt(place, 16)),
  };
}

function smallGrid(columns: number): Grid {
  const side = Math.ceil(Math.sqrt(columns));
  return { electrodes: upTo(columns), places: upTo(columns).map((place) => placeAt(place, side)) };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

function placeAt(place: number, side: number): Place {
  return { x: (place % side) * PITCH, y: Math.floor(place / side) * PITCH };
}
