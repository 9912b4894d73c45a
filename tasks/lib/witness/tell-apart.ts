/**
 * Tells the cell's events from those of neighbours whose waveform is nearly the same. One event hardly shows the difference: in 80 dimensions of
 * noise a few units of distance are lost. Many events of a neighbour do: they lie together, away from the cell's spikes, and the
 * directions in which they lie are learned from them. What is learned from one half of the events judges the other half, so
 * that no event is judged by its own noise.
 */
import { dot, less, meanOf, strongestDirections } from './principal.ts';

/** Judges whether an event lies among the cell's own; `row` says by which half of the events. */
export interface Apart {
  /** Among 95 % of them. */
  readonly isOwn: (residual: Float64Array | undefined, row: number) => boolean;
  /** Among those in the middle, where hardly any neighbour's lie: for counts of which only the ratio matters. */
  readonly isSurelyOwn: (residual: Float64Array | undefined, row: number) => boolean;
}

/** Directions in which neighbours lie; more only add noise. */
const DIRECTIONS = 3;
/** Share of the cell's own spikes that count as its own. */
const OWN = 0.95;
/** The least share that counts as surely so, where spikes are many; with fewer so many spikes are left that none missed in as many is under 5 %. */
const LEAST_SURE = 0.6;
const SURE_SPIKES = 180;
/** Fewer events show no direction, and fewer spikes no limit. */
const LEAST_EVENTS = 16;
const LEAST_SPIKES = 20;
/** So many say as much as more, in less time. */
const MOST = 1000;

/** From the residuals of the cell's spikes and of events that may be the cell's or a neighbour's; with too few of either all are the cell's. */
export function tellApart(own: readonly Float64Array[], events: readonly Float64Array[]): Apart {
  if (own.length < LEAST_SPIKES || events.length < LEAST_EVENTS) {
    const inside = (residual: Float64Array | undefined) => residual !== undefined;
    return { isOwn: inside, isSurelyOwn: inside };
  }
  const mean = meanOf(own);
  const spikes = thinned(own).map((residual) => less(residual, mean));
  const halves = [0, 1].map((half) => {
    const others = thinned(events.filter((_, row) => row % 2 !== half)).map((residual) => less(residual, mean));
    const directions = strongestDirections(others, DIRECTIONS);
    return { directions, squares: spikes.map((residual) => squareAlong(directions, residual)).sort((a, b) => a - b) };
  });
  const within = (share: number) => (residual: Float64Array | undefined, row: number) => {
    const { directions, squares } = halves[row % 2] as (typeof halves)[number];
    const limit = squares[Math.floor(share * (squares.length - 1))] as number;
    return residual !== undefined && squareAlong(directions, less(residual, mean)) <= limit;
  };
  const sure = Math.min(OWN, Math.max(LEAST_SURE, SURE_SPIKES / own.length));
  return { isOwn: within(OWN), isSurelyOwn: within(sure) };
}

/** At most `MOST`, spread evenly. */
function thinned(residuals: readonly Float64Array[]): readonly Float64Array[] {
  const step = Math.ceil(residuals.length / MOST);
  return residuals.filter((_, row) => row % step === 0);
}

/** Squared length of what lies along the directions. */
function squareAlong(directions: readonly Float64Array[], residual: Float64Array): number {
  return directions.reduce((sum, direction) => sum + dot(residual, direction) * dot(residual, direction), 0);
}
