/** The plan of a recording, which a scenario draws. Heights are in MADs of the trace's plain noise; the threshold lies near 8. */
import type { Draw } from './draw.ts';
import type { NoisePlan } from './pipette-noise.ts';
import type { ShapePlan } from './pipette-shape.ts';
import type { TrainPlan } from './spike-train.ts';

/** A spike whose height is to be drawn. */
export interface Moment {
  readonly seconds: number;
  /** Time since the spike before. */
  readonly since: number;
  /** Spikes of the same burst before it. */
  readonly place: number;
}

export interface CellPlan {
  readonly train: TrainPlan;
  readonly shape: ShapePlan;
  readonly height: (moment: Moment, draw: Draw) => number;
}

export interface RecordingPlan {
  readonly seconds: number;
  /** The cell that the pipette sits on. */
  readonly cell: CellPlan;
  /** Share of the cell's height that the pipette holds at a time: 1, or 0 while it has lost the cell. */
  readonly contact?: (seconds: number) => number;
  /** Other cells that the pipette hears. */
  readonly others?: readonly CellPlan[];
  readonly noise?: NoisePlan;
  /** Spikes of no cell, on the pipette only: their share of all events, and their height. */
  readonly artefacts?: { readonly share: number; readonly height: CellPlan['height'] };
  /** Direction in which spikes point. */
  readonly sign?: '-' | '+';
  /** Largest height that the amplifier gives. */
  readonly clip?: number;
  /** Step of the converter. */
  readonly step?: number;
}

/** A kind of fault, at levels from harmless to bad. */
export interface Scenario {
  /** Describes the level, with its unit. */
  readonly varies: string;
  readonly levels: readonly number[];
  readonly plan: (level: number, draw: Draw) => RecordingPlan;
}

export const THRESHOLD = 8;

/** The sd of heights in MADs: the accepted published recordings have 1.2 to 11.2, half of them under 5. */
export const drawSpread = (draw: Draw): number => 1 + 9 * draw.uniform() * draw.uniform();

/** Mostly short recordings, for there are many; the longest are as long as the published ones. */
export function secondsOf(draw: Draw): number {
  const at = draw.uniform();
  if (at < 0.45) return 60;
  if (at < 0.8) return 120;
  return at < 0.85 ? 180 : 300;
}

/** Spikes a second: at least some 150 in the shortest recording. */
export const rateOf = (draw: Draw): number => 2.5 + 22 * draw.uniform() * draw.uniform();

export const trainOf = (draw: Draw): TrainPlan => ({ rate: rateOf(draw), bursting: 0.25 * draw.uniform() });

export const shapeOf = (draw: Draw): ShapePlan => ({
  half: 4 + Math.floor(4 * draw.uniform()),
  afterWave: 0.15 * draw.uniform(),
});

/** Tells whether a time lies in any of the stretches. */
export const isWithin =
  (stretches: readonly (readonly [from: number, to: number])[]) =>
  (seconds: number): boolean =>
    stretches.some(([from, to]) => seconds >= from && seconds < to);

/** A stretch of `length` seconds, at a random place. */
export function stretchOf(length: number, seconds: number, draw: Draw): readonly [number, number] {
  const from = draw.uniform() * (seconds - length);
  return [from, from + length];
}

/** Stretches of between `shortest` and `longest` seconds, apart from each other, that fill about the share `share`. */
export function scattered(
  share: number,
  [shortest, longest]: readonly [number, number],
  seconds: number,
  draw: Draw,
): (readonly [number, number])[] {
  const stretches: (readonly [number, number])[] = [];
  const free = ((1 - share) / share) * ((shortest + longest) / 2);
  for (let t = free * draw.between(0.2, 1); ; t += free * draw.between(0.6, 1.4)) {
    const long = draw.between(shortest, longest);
    if (t + long > seconds) return stretches;
    stretches.push([t, t + long]);
    t += long;
  }
}
