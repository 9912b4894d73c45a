/** What may befall a recording: in each scenario one quantity varies, from harmless to bad, and all else is drawn anew. */
import { randomSource } from '../signal/random.ts';
import { GAUSSIAN, skewedShape } from './amplitude-shape.ts';
import { heightFor } from './height-for.ts';
import { type Cell, SECONDS, type SyntheticRecording, syntheticRecording, uniformFrom } from './synthetic-recording.ts';

export interface Scenario {
  /** What varies, with its unit. */
  readonly varies: string;
  readonly levels: readonly number[];
  readonly cell: (level: number, uniform: () => number) => Cell;
}

/** A mean so far over the threshold, in sd, that next to nothing is missed. */
const clear = (uniform: () => number): number => 3.5 + 2.5 * uniform();
/** Spikes that are found, more often few than many. */
const found = (uniform: () => number): number => 300 + Math.floor(3700 * uniform() * uniform());
/** Of the heights, in MADs: from hardly more than the noise of the trace to the widest of the published ones. */
const spread = (uniform: () => number): number => 1 + 3 * uniform();

const still = (): number => 0;
/** A cell that loses the share `missed` of its spikes while its mean follows a course, so many being found. */
function losing(
  missed: number,
  spikes: number,
  uniform: () => number,
  { course = still as (time: number) => number, shape = GAUSSIAN },
): Cell {
  const height = heightFor(missed, shape, course);
  return {
    count: Math.round(spikes / (1 - missed)),
    sd: spread(uniform),
    shape,
    mean: (time) => height + course(time),
  };
}

/** A cell whose mean never comes nearer to the threshold than is clear. `course` is 0 or more. */
function sound(spikes: number, uniform: () => number, course: Cell['mean'] = still): Cell {
  const height = clear(uniform);
  return { count: spikes, sd: spread(uniform), mean: (time, draw) => height + course(time, draw) };
}

/** The mean rises, or falls, by so many sd from the beginning to the end. */
function drifting(by: number, uniform: () => number): (time: number) => number {
  return uniform() < 0.5 ? (time) => by * time : (time) => by * (1 - time);
}

/** Whether a time lies in a stretch of so many seconds, somewhere. */
function stretch(seconds: number, uniform: () => number): (time: number) => boolean {
  const share = seconds / SECONDS;
  const start = uniform() * (1 - share);
  return (time) => time >= start && time < start + share;
}

/** So low that no spike reaches the threshold. */
const LOST = -100;
/** The share of the spikes that are the smaller cell's. */
const SMALLER_CELL = 0.3;
const SKEWS = [-1, -0.5, 0, 0.5, 1, 2];
const COUNTS = [30, 60, 100, 300, 1000, 4000];
const DURATIONS = [0, 5, 10, 20, 40, 80];

export const scenarios = {
  missed_fraction: {
    varies: 'true missed share (%)',
    levels: [0, 2, 5, 10, 20, 40, 60],
    cell: (level, uniform) =>
      level === 0 ? sound(found(uniform), uniform) : losing(level / 100, found(uniform), uniform, {}),
  },
  drift: {
    varies: 'drift clear of the threshold (sd)',
    levels: [0, 1, 2, 4, 8, 16],
    cell: (level, uniform) => sound(found(uniform), uniform, drifting(level, uniform)),
  },
  drift_missed: {
    varies: 'drift, 10 % missed (sd)',
    levels: [0, 1, 2, 4, 8, 16],
    cell: (level, uniform) => losing(0.1, found(uniform), uniform, { course: drifting(level, uniform) }),
  },
  dip: {
    varies: 'time at the threshold, half of it missed (s)',
    levels: DURATIONS,
    cell(level, uniform) {
      const dipped = stretch(level, uniform);
      const height = clear(uniform);
      return { count: found(uniform), sd: spread(uniform), mean: (time) => (dipped(time) ? 0 : height) };
    },
  },
  step: {
    varies: 'step clear of the threshold (sd)',
    levels: [0, 2, 4, 6, 8, 12],
    cell(level, uniform) {
      const raised = stretch(SECONDS * (0.2 + 0.6 * uniform()), uniform);
      return sound(found(uniform), uniform, (time) => (raised(time) ? level : 0));
    },
  },
  two_cells: {
    varies: "second cell's distance, Ashman's D",
    levels: [0, 1, 2, 3, 4, 6],
    cell: (level, uniform) => sound(found(uniform), uniform, (_, draw) => (draw() < SMALLER_CELL ? 0 : level)),
  },
  skew: {
    varies: 'skewness, nothing missed',
    levels: SKEWS,
    cell: (level, uniform) => ({ ...sound(found(uniform), uniform), shape: skewedShape(level) }),
  },
  skew_missed: {
    varies: 'skewness, 10 % missed',
    levels: SKEWS,
    cell: (level, uniform) => losing(0.1, found(uniform), uniform, { shape: skewedShape(level) }),
  },
  silence: {
    varies: 'time for which the cell is lost (s)',
    levels: DURATIONS,
    cell(level, uniform) {
      const lost = stretch(level, uniform);
      return sound(found(uniform), uniform, (time) => (lost(time) ? LOST : 0));
    },
  },
  spike_count: {
    varies: 'spikes, nothing missed',
    levels: COUNTS,
    cell: (level, uniform) => sound(level, uniform),
  },
  spike_count_missed: {
    varies: 'spikes found, 20 % missed',
    levels: COUNTS,
    cell: (level, uniform) => losing(0.2, level, uniform, {}),
  },
} as const satisfies { readonly [name: string]: Scenario };

/** One recording of a scenario; neighbouring seeds and levels have nothing in common. */
export function recordingOf({ cell }: Scenario, level: number, seed: number): SyntheticRecording {
  const uniform = uniformFrom(randomSource(seed));
  return syntheticRecording(Math.floor(uniform() * 0x1_0000_0000), cell(level, uniform));
}
