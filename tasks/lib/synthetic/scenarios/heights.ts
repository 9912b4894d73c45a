/** Faults of the heights: their distribution, of various shapes, reaches the threshold. */
import exp from '@stdlib/math-base-special-exp';
import { type AmplitudeShape, drawFrom, GAUSSIAN, gammaShape, logNormalShape, quantileOf } from '../amplitude-shape.ts';
import type { Draw } from '../draw.ts';
import {
  type CellPlan,
  drawSpread,
  type RecordingPlan,
  type Scenario,
  secondsOf,
  shapeOf,
  THRESHOLD,
  trainOf,
} from '../recording-plan.ts';

/** Distance of a mean from the threshold, in sds, at which hardly any spike is missed. */
export const clearance = (draw: Draw): number => draw.between(3.6, 6);

/** Heights of a fixed distribution whose share `missed` lies below the threshold; 0 keeps it clear of the threshold. */
export function steadyHeights(
  missed: number,
  draw: Draw,
  { shape = GAUSSIAN, sd = drawSpread(draw) }: { shape?: AmplitudeShape; sd?: number } = {},
): CellPlan['height'] {
  const lowest = -quantileOf(shape, 0);
  const above = missed === 0 ? Math.min(clearance(draw), lowest) : -quantileOf(shape, missed);
  const mean = THRESHOLD + above * sd + (missed === 0 ? 3.5 : 0);
  return (_, each) => mean + sd * drawFrom(shape, each.uint32);
}

/** Everything but the heights is drawn as usual. */
export function plainRecording(
  draw: Draw,
  height: CellPlan['height'],
  rest: Partial<RecordingPlan> = {},
): RecordingPlan {
  return { seconds: secondsOf(draw), cell: { train: trainOf(draw), shape: shapeOf(draw), height }, ...rest };
}

const missing = { varies: 'intended share below the threshold' };

export const heightScenarios = {
  gaussian: {
    ...missing,
    levels: [0, 0.02, 0.05, 0.1, 0.2, 0.4],
    plan: (level, draw) => plainRecording(draw, steadyHeights(level, draw)),
  },
  lognormal: {
    ...missing,
    levels: [0, 0.05, 0.1, 0.2],
    plan: (level, draw) =>
      plainRecording(draw, steadyHeights(level, draw, { shape: logNormalShape(draw.between(0.2, 0.5)) })),
  },
  gamma: {
    ...missing,
    levels: [0, 0.05, 0.1, 0.2],
    plan: (level, draw) =>
      plainRecording(draw, steadyHeights(level, draw, { shape: gammaShape(draw.between(0.5, 1.2)) })),
  },
  left_gamma: {
    ...missing,
    levels: [0, 0.05, 0.1, 0.2],
    plan: (level, draw) =>
      plainRecording(draw, steadyHeights(level, draw, { shape: gammaShape(-draw.between(0.5, 1.2)) })),
  },
  left_gamma_wide: {
    ...missing,
    levels: [0.1, 0.2],
    plan: (level, draw) =>
      plainRecording(
        draw,
        steadyHeights(level, draw, { shape: gammaShape(-draw.between(0.5, 1.2)), sd: draw.between(6, 11) }),
      ),
  },
  drift_to_threshold: {
    varies: 'drift: 0 stays clear, 1 ends near the threshold',
    levels: [0, 1],
    plan(level, draw) {
      const sd = drawSpread(draw);
      const seconds = secondsOf(draw);
      const [high, low] = [clearance(draw) + 2, level === 0 ? 4 : draw.between(-0.5, 0.8)];
      const height: CellPlan['height'] = (at, each) =>
        THRESHOLD + sd * (high + ((low - high) * at.seconds) / seconds + each.normal());
      return { ...plainRecording(draw, height), seconds };
    },
  },
  growing_spread: {
    varies: 'sd in proportion to a mean that drifts; intended share below the threshold at its lowest',
    levels: [0, 0.1, 0.3],
    plan(level, draw) {
      const seconds = secondsOf(draw);
      const cv = draw.between(0.08, 0.2);
      const above = level === 0 ? 4 : -quantileOf(GAUSSIAN, level);
      const lowest = THRESHOLD / (1 - Math.min(above, 0.8 / cv) * cv);
      const times = draw.between(1.5, 3);
      const height: CellPlan['height'] = (at, each) =>
        lowest * (1 + ((times - 1) * Math.abs(2 * at.seconds - seconds)) / seconds) * (1 + cv * each.normal());
      return { ...plainRecording(draw, height), seconds };
    },
  },
  step_down: {
    varies: 'intended share missed after a step, of all',
    levels: [0.05, 0.1, 0.15, 0.2],
    plan(level, draw) {
      const sd = drawSpread(draw);
      const seconds = secondsOf(draw);
      const share = draw.between(Math.max(0.15, 1.3 * level), 0.6);
      const from = seconds * (1 - share);
      const [before, after] = [clearance(draw), -quantileOf(GAUSSIAN, level / share)];
      return {
        ...plainRecording(draw, (at, each) => THRESHOLD + sd * ((at.seconds < from ? before : after) + each.normal())),
        seconds,
      };
    },
  },
  burst_decrement: {
    varies: 'height of each spike of a burst as a share of the one before; 0: none',
    levels: [0, 0.7, 0.5, 0.35],
    plan(level, draw) {
      const first = steadyHeights(0, draw, { sd: draw.between(1, 3) });
      const factor = level === 0 ? 1 : level;
      const height: CellPlan['height'] = (at, each) => first(at, each) * Math.max(power(factor, at.place), 0.1);
      const drawn = plainRecording(draw, height);
      return { ...drawn, cell: { ...drawn.cell, train: { ...drawn.cell.train, bursting: draw.between(0.35, 0.55) } } };
    },
  },
  isi_dependent: {
    varies: 'time in ms over which heights recover after a spike',
    levels: [30, 80],
    plan(level, draw) {
      const full = steadyHeights(0, draw, { sd: draw.between(1, 4) });
      return plainRecording(draw, (at, each) => full(at, each) * (1 - 0.8 * exp((-1000 * at.since) / level)));
    },
  },
  spikelets: {
    varies: 'height of the spikelets of a complex spike as a share of it',
    levels: [0.4, 0.25, 0.15],
    plan(level, draw) {
      const full = steadyHeights(0, draw, { sd: draw.between(1, 3) });
      const drawn = plainRecording(draw, (at, each) => full(at, each) * (at.place === 0 ? 1 : level));
      return { ...drawn, cell: { ...drawn.cell, train: { ...drawn.cell.train, bursting: draw.between(0.25, 0.4) } } };
    },
  },
  breathing: {
    ...missing,
    levels: [0, 0.1, 0.2],
    plan(level, draw) {
      const each = steadyHeights(level, draw);
      const period = draw.between(0.3, 1.5);
      const depth = draw.between(0.05, 0.15);
      return plainRecording(draw, (at, draws) => each(at, draws) * (1 + depth * triangle(at.seconds / period)));
    },
  },
} as const satisfies { readonly [name: string]: Scenario };

/** A wave between -1 and 1 of period 1. */
const triangle = (t: number): number => 4 * Math.abs(t - Math.floor(t) - 0.5) - 1;

/** An integer power, by multiplication: `Math.pow` differs between machines. */
function power(base: number, times: number): number {
  let value = 1;
  for (let i = 0; i < times; i++) value *= base;
  return value;
}
