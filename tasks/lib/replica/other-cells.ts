/** Makes up further cells besides the pipette's: an array records many, but nothing is published about them. */
import { type ArrayModel, shareAt } from './array-model.ts';
import type { ArrayCell } from './mea-blocks.ts';
import { meaShape } from './spike-shapes.ts';

/** Number of electrodes per cell. */
const ELECTRODES_PER_CELL = 8;
const MIN_CELLS = 3;
/** Largest distance in um of a cell from the grid. */
const MARGIN = 30;
/** Depth of a spike at the cell itself, in converter steps: 15 to 60 uV. */
const DEPTH = { min: 150, max: 600 } as const;
/** Shortest interval and longest mean interval, in samples at 20 kHz: 3 ms and 1 s. */
const MIN_INTERVAL = 60;
const MAX_MEAN_INTERVAL = 20_000;

/** Returns at least three cells, each with its own place, size, width and rate. */
export function otherCells(array: ArrayModel, length: number, random: () => number): readonly ArrayCell[] {
  const { electrodes, places, noise } = array;
  const between = (min: number, max: number) => min + (random() % (max - min + 1));
  const farthest = places.reduce((max, { x, y }) => Math.max(max, x, y), 0) + MARGIN;
  return Array.from({ length: Math.max(MIN_CELLS, Math.ceil(electrodes.length / ELECTRODES_PER_CELL)) }, () => {
    const place = { x: between(-MARGIN, farthest), y: between(-MARGIN, farthest) };
    const depth = new Float64Array(noise.length);
    const top = between(DEPTH.min, DEPTH.max);
    for (const [row, column] of electrodes.entries()) {
      depth[column] = top * shareAt(places[row] as (typeof places)[number], place);
    }
    const shape = meaShape(between(35, 65) / 10, between(15, 45) / 100);
    return { depth, shape, spikes: randomTrain(length, between(MAX_MEAN_INTERVAL / 10, MAX_MEAN_INTERVAL), random) };
  });
}

/** Returns ascending samples with intervals between the shortest and twice their mean. */
function randomTrain(length: number, mean: number, random: () => number): readonly number[] {
  const spikes: number[] = [];
  for (let at = random() % mean; at < length; at += MIN_INTERVAL + (random() % (2 * (mean - MIN_INTERVAL))))
    spikes.push(at);
  return spikes;
}
