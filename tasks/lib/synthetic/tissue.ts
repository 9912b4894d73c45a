/** Places the array and the cells in crowded tissue, and computes each cell's size on each electrode. */

import { type ArrayShape, arrayShape } from './array-shape.ts';
import type { Draw } from './draw.ts';
import type { Simulated, TrueSpikes } from './simulate.ts';
import { spikeTrain } from './spike-train.ts';

export interface TissuePlan {
  /** 4 or 16, on a square grid. */
  readonly electrodes: number;
  /** Peak of the cell's waveform on its best electrode, in MADs of everything else that is recorded there. */
  readonly snr: number;
}

/** A cell with its true spikes, and their depth on each electrode. */
export interface TissueCell {
  readonly at: readonly number[];
  /** Size of each spike against the cell's usual one. */
  readonly size: readonly number[];
  /** Depth on every electrode; the cell of the pipette has 1 on its best. */
  readonly depth: Float64Array;
  readonly shape: ArrayShape;
}

export interface Tissue {
  /** The cell of the pipette. */
  readonly cell: TissueCell;
  readonly others: readonly TissueCell[];
}

const PITCH = 30;
/** Cells a square um, and the distance around the electrodes within which they are heard, in um. */
const DENSITY = 0.002;
const MARGIN = 90;
/** Distance from a cell, in um, at which a spike has 35 % of its depth. */
const FALL_OFF = 40;
/** Size of a burst's spike on the array, as a share of the spike before. */
const SHRINK = 0.85;
/** Largest distance of other cells that the pipette hears from its own cell, in um. */
const NEAR = 40;

export function tissueOf({ cell, others }: Simulated, { electrodes }: TissuePlan, length: number, draw: Draw): Tissue {
  const side = Math.round(Math.sqrt(electrodes));
  const reach = (side - 1) * PITCH;
  const place = { x: draw.between(0, reach), y: draw.between(0, reach), z: draw.between(5, 15) };
  const seen = (where: Place) => depthsAt(where, side, draw.between(0.85, 1.15));
  const own = normalised(seen(place));
  const heard = others.map((other) => tissueCell(other, seen(beside(place, draw)), draw));
  const area = (reach + 2 * MARGIN) * (reach + 2 * MARGIN);
  const crowd = Array.from({ length: Math.round(DENSITY * area) }, () => {
    const where = {
      x: draw.between(-MARGIN, reach + MARGIN),
      y: draw.between(-MARGIN, reach + MARGIN),
      z: draw.between(5, 40),
    };
    const rate = 1 + 19 * draw.uniform() * draw.uniform();
    const { at, place: row } = spikeTrain({ rate, bursting: 0.15 * draw.uniform() }, length, draw);
    return tissueCell({ at, place: row, height: [] }, scaled(seen(where), draw.between(0.3, 1.3)), draw);
  });
  return { cell: { ...tissueCell(cell, own, draw) }, others: [...heard, ...crowd] };
}

function tissueCell({ at, place }: TrueSpikes, depth: Float64Array, draw: Draw): TissueCell {
  return { at, size: place.map(sizeAt), depth, shape: arrayShape(draw) };
}

function sizeAt(place: number): number {
  let size = 1;
  for (let i = 0; i < place; i++) size *= SHRINK;
  return size;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const beside = ({ x, y, z }: Place, draw: Draw): Place => ({
  x: x + draw.between(-NEAR, NEAR) * 0.7,
  y: y + draw.between(-NEAR, NEAR) * 0.7,
  z: z + draw.between(0, 10),
});

/** Falls with distance as a near source does; the cell's own axis stretches one direction of the grid a little. */
function depthsAt({ x, y, z }: Place, side: number, stretch: number): Float64Array {
  return Float64Array.from({ length: side * side }, (_, electrode) => {
    const dx = ((electrode % side) * PITCH - x) * stretch;
    const dy = (Math.floor(electrode / side) * PITCH - y) / stretch;
    const distance = dx * dx + dy * dy + z * z;
    const near = 1 + distance / (FALL_OFF * FALL_OFF);
    return 1 / (near * Math.sqrt(near));
  });
}

const scaled = (depth: Float64Array, factor: number): Float64Array => depth.map((value) => value * factor);

function normalised(depth: Float64Array): Float64Array {
  return scaled(depth, 1 / depth.reduce((a, b) => Math.max(a, b)));
}
