/** Faults of the trace: its noise, amplifier and converter, and the shape of the spike. */
import { type Scenario, secondsOf, shapeOf, stretchOf, trainOf } from '../recording-plan.ts';
import { plainRecording, steadyHeights } from './heights.ts';

const missing = 'intended share below the threshold';

export const traceScenarios = {
  hum_50: {
    varies: `${missing}, with hum of 0.5 to 1.5 MAD`,
    levels: [0, 0.1, 0.2],
    plan: (level, draw) => plainRecording(draw, steadyHeights(level, draw), { noise: { hum: draw.between(0.5, 1.5) } }),
  },
  baseline_wander: {
    varies: `${missing}, with a baseline that wanders by some MADs`,
    levels: [0, 0.1],
    plan: (level, draw) =>
      plainRecording(draw, steadyHeights(level, draw), { noise: { wander: draw.between(0.5, 1.5) } }),
  },
  noise_bursts: {
    varies: 'share of the time in bursts of noise, nothing missed',
    levels: [0.05, 0.2],
    plan: (level, draw) =>
      plainRecording(draw, steadyHeights(0, draw), {
        noise: { bursts: { share: level, times: draw.between(2.5, 5) } },
      }),
  },
  noise_steps: {
    varies: 'share of the time with 1.6 times the noise, nothing missed',
    levels: [0.3, 0.7],
    plan(level, draw) {
      const seconds = secondsOf(draw);
      const [from, to] = stretchOf(level * seconds, seconds, draw);
      const course = (t: number) => (t >= from && t < to ? 1.6 : 1);
      return { ...plainRecording(draw, steadyHeights(0, draw)), seconds, noise: { course } };
    },
  },
  clipped: {
    varies: `${missing}, the amplifier clipping half of the spikes`,
    levels: [0, 0.1, 0.2],
    plan(level, draw) {
      const sd = draw.between(2, 6);
      const above = level === 0 ? 4.5 : [1.28, 0.84][level === 0.1 ? 0 : 1];
      const mean = 8 + (above ?? 0) * sd;
      return plainRecording(draw, (_, each) => mean + sd * each.normal(), { clip: mean });
    },
  },
  double_peaks: {
    varies: 'depth of a second trough as a share of the first, nothing missed',
    levels: [0.3, 0.5, 0.7],
    plan(level, draw) {
      const shape = { ...shapeOf(draw), second: { depth: level, after: Math.floor(draw.between(22, 40)) } };
      const height = steadyHeights(0, draw, { sd: draw.between(1, 4) });
      return { seconds: secondsOf(draw), cell: { train: trainOf(draw), shape, height } };
    },
  },
  positive_going: {
    varies: `${missing}, spikes that point up`,
    levels: [0, 0.1],
    plan: (level, draw) => plainRecording(draw, steadyHeights(level, draw), { sign: '+' }),
  },
  adc_12bit: {
    varies: `${missing}, a converter with steps of 0.3 MAD`,
    levels: [0, 0.1],
    plan: (level, draw) => plainRecording(draw, steadyHeights(level, draw), { step: 0.3 }),
  },
} as const satisfies { readonly [name: string]: Scenario };
