/** Faults in time: the pipette loses the cell, or the cell falls silent. */
import type { Draw } from '../draw.ts';
import { isWithin, type RecordingPlan, type Scenario, scattered, secondsOf, stretchOf } from '../recording-plan.ts';
import { plainRecording, steadyHeights } from './heights.ts';

const lost = { varies: 'share of the time for which the cell is lost' };

/** A sound cell that the pipette does not hold in some stretches. */
function losing(draw: Draw, stretches: (seconds: number) => (readonly [number, number])[], at = 0): RecordingPlan {
  const drawn = plainRecording(draw, steadyHeights(0, draw));
  const gone = isWithin(stretches(drawn.seconds));
  return { ...drawn, contact: (seconds) => (gone(seconds) ? at : 1) };
}

export const contactScenarios = {
  cell_lost: {
    ...lost,
    levels: [0.06, 0.09, 0.12, 0.2],
    plan: (level, draw) => losing(draw, (seconds) => [stretchOf(level * seconds, seconds, draw)]),
  },
  cell_lost_slow: {
    ...lost,
    levels: [0.12, 0.2],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      const [from, to] = stretchOf(level * drawn.seconds, drawn.seconds, draw);
      // The cell fades out and in over a tenth of its absence either side.
      const edge = 0.1 * (to - from);
      const contact = (t: number) => Math.min(1, Math.max(0, from - t, t - to) / edge);
      return { ...drawn, contact };
    },
  },
  intermittent_loss: {
    ...lost,
    levels: [0.12, 0.2, 0.35],
    plan: (level, draw) => losing(draw, (seconds) => scattered(level, [3, 8], seconds, draw)),
  },
  short_dropouts: {
    ...lost,
    levels: [0.1, 0.2, 0.35],
    plan: (level, draw) => losing(draw, (seconds) => scattered(level, [0.2, 1], seconds, draw)),
  },
  partial_loss: {
    varies: 'share of the time for which the pipette holds too little of the cell for the threshold',
    levels: [0.1, 0.2],
    plan: (level, draw) => losing(draw, (seconds) => scattered(level, [1, 6], seconds, draw), 0.25),
  },
  pause_silent: {
    varies: 'share of the time for which the cell truly pauses',
    levels: [0.05, 0.1, 0.2],
    plan(level, draw) {
      const seconds = secondsOf(draw);
      const drawn = { ...plainRecording(draw, steadyHeights(0, draw)), seconds };
      const silent = isWithin([stretchOf(level * seconds, seconds, draw)]);
      const course = (t: number) => (silent(t) ? 0 : 1);
      return { ...drawn, cell: { ...drawn.cell, train: { ...drawn.cell.train, course } } };
    },
  },
  rate_100Hz: {
    varies: 'intended share below the threshold, at 100 spikes a second',
    levels: [0, 0.1, 0.2],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(level, draw));
      return { ...drawn, seconds: 60, cell: { ...drawn.cell, train: { rate: 140, bursting: 0 } } };
    },
  },
  uneven_rate: {
    varies: 'depth to which the rate falls every 5 to 20 s, nothing missed',
    levels: [0.5, 0.9],
    plan(level, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      const period = draw.between(5, 20);
      const course = (t: number) => 1 - level * Math.abs(2 * (t / period - Math.floor(t / period)) - 1);
      return { ...drawn, cell: { ...drawn.cell, train: { ...drawn.cell.train, course } } };
    },
  },
  rate_01Hz: {
    varies: 'nothing missed, at one spike in 10 s',
    levels: [0],
    plan(_, draw) {
      const drawn = plainRecording(draw, steadyHeights(0, draw));
      return { ...drawn, cell: { ...drawn.cell, train: { rate: 0.1, bursting: 0.1 } } };
    },
  },
} as const satisfies { readonly [name: string]: Scenario };
