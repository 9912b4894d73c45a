/** Cells beside the pipette's: an array records many, and no figure shows them, so a replica's are made up. */
import { type ArrayModel, shareAt } from './array-model.ts';
import type { SeenCell } from './mea-blocks.ts';
import { meaShape } from './spike-shapes.ts';

/** Electrodes a cell; small arrays have the least number. */
const ELECTRODES_A_CELL = 8;
const LEAST = 3;
/** How far beyond the electrodes a cell may lie, in um. */
const MARGIN = 30;
/** Smallest and largest depth of a spike at the cell itself, in converter steps: 15 to 60 uV. */
const DEPTH = { least: 150, most: 600 } as const;
/** Shortest interval and longest mean interval, in samples at 20 kHz: 3 ms and 1 s. */
const SHORTEST = 60;
const LONGEST_MEAN = 20_000;

/** Each at a place, of a size, width and rate of its own; at least three. */
export function otherCells(array: ArrayModel, length: number, random: () => number): readonly SeenCell[] {
  const { electrodes, places, noise } = array;
  const between = (least: number, most: number) => least + (random() % (most - least + 1));
  const farthest = places.reduce((most, { x, y }) => Math.max(most, x, y), 0) + MARGIN;
  return Array.from({ length: Math.max(LEAST, Math.ceil(electrodes.length / ELECTRODES_A_CELL)) }, () => {
    const place = { x: between(-MARGIN, farthest), y: between(-MARGIN, farthest) };
    const depth = new Float64Array(noise.length);
    const top = between(DEPTH.least, DEPTH.most);
    for (const [row, column] of electrodes.entries()) {
      depth[column] = top * shareAt(places[row] as (typeof places)[number], place);
    }
    const shape = meaShape(between(35, 65) / 10, between(15, 45) / 100);
    return { depth, shape, spikes: randomTrain(length, between(LONGEST_MEAN / 10, LONGEST_MEAN), random) };
  });
}

/** Ascending, with intervals anywhere between the shortest and twice their mean. */
function randomTrain(length: number, mean: number, random: () => number): readonly number[] {
  const spikes: number[] = [];
  for (let at = random() % mean; at < length; at += SHORTEST + (random() % (2 * (mean - SHORTEST)))) spikes.push(at);
  return spikes;
}
