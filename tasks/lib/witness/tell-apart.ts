/**
 * Tells the cell's events from those of neighbours with nearly the same waveform. A single event hardly shows the difference: in 80
 * dimensions of noise a few units of distance are lost. Many events of a neighbour do: they lie together, away from the cell's spikes, in
 * directions that can be learned from them. The directions learned from either half of the events judge the other half, so that no event
 * is judged by its own noise.
 */
import { dot, meanOf, strongestDirections, subtract } from './principal.ts';

/** Judges whether an event lies among the cell's own spikes; the parity of `row` chooses the half of the events that judges. */
export interface Membership {
  /** Among 95 % of the cell's own spikes. */
  readonly isOwn: (residual: Float64Array | undefined, row: number) => boolean;
  /** Among the middle of them, with hardly any neighbour's event: for counts of which only the ratio matters. */
  readonly isSurelyOwn: (residual: Float64Array | undefined, row: number) => boolean;
}

/** Directions in which neighbours lie; more only add noise. */
const DIRECTIONS = 3;
/** Share of the cell's own spikes that `isOwn` accepts. */
const OWN_SHARE = 0.95;
/** Least share that `isSurelyOwn` accepts, with many spikes; with fewer the share grows, so that `SURE_SPIKES` remain: 0 missed of as many is under 5 %. */
const LEAST_SURE_SHARE = 0.6;
const SURE_SPIKES = 180;
/** Fewer events show no direction, and fewer spikes give no limit. */
const LEAST_EVENTS = 16;
const LEAST_SPIKES = 20;
/** Most residuals that are used: more only take time. */
const MOST_RESIDUALS = 1000;

/** Learns from the residuals of the cell's spikes, and of events that may be the cell's or a neighbour's. With too few of either, every event counts as the cell's. */
export function tellApart(own: readonly Float64Array[], events: readonly Float64Array[]): Membership {
  if (own.length < LEAST_SPIKES || events.length < LEAST_EVENTS) {
    const inside = (residual: Float64Array | undefined) => residual !== undefined;
    return { isOwn: inside, isSurelyOwn: inside };
  }
  const mean = meanOf(own);
  const spikes = thinned(own).map((residual) => subtract(residual, mean));
  const halves = [0, 1].map((half) => {
    const others = thinned(events.filter((_, row) => row % 2 !== half)).map((residual) => subtract(residual, mean));
    const directions = strongestDirections(others, DIRECTIONS);
    return { directions, squares: spikes.map((residual) => squareAlong(directions, residual)).sort((a, b) => a - b) };
  });
  const within = (share: number) => (residual: Float64Array | undefined, row: number) => {
    const { directions, squares } = halves[row % 2] as (typeof halves)[number];
    const limit = squares[Math.floor(share * (squares.length - 1))] as number;
    return residual !== undefined && squareAlong(directions, subtract(residual, mean)) <= limit;
  };
  const sure = Math.min(OWN_SHARE, Math.max(LEAST_SURE_SHARE, SURE_SPIKES / own.length));
  return { isOwn: within(OWN_SHARE), isSurelyOwn: within(sure) };
}

/** Keeps at most `MOST_RESIDUALS`, spread evenly. */
function thinned(residuals: readonly Float64Array[]): readonly Float64Array[] {
  const step = Math.ceil(residuals.length / MOST_RESIDUALS);
  return residuals.filter((_, row) => row % step === 0);
}

/** Squared length of the residual's part along the directions. */
function squareAlong(directions: readonly Float64Array[], residual: Float64Array): number {
  return directions.reduce((sum, direction) => sum + dot(residual, direction) * dot(residual, direction), 0);
}
