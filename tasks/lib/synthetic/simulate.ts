/** Makes the pipette's trace of a recording from its plan, and returns it with the true spikes of every cell. */
import { type Draw, drawOf } from './draw.ts';
import { pipetteNoise } from './pipette-noise.ts';
import { type PipetteShape, pipetteShape } from './pipette-shape.ts';
import type { CellPlan, RecordingPlan } from './recording-plan.ts';
import { SAMPLING_RATE, spikeTrain } from './spike-train.ts';

/** True spikes, in order of time. */
export interface TrueSpikes {
  /** Samples of the troughs. */
  readonly at: readonly number[];
  /** Depth on the pipette, in MADs of its plain noise. */
  readonly height: readonly number[];
  /** Spikes of the same burst before each. */
  readonly place: readonly number[];
}

export interface Simulated {
  readonly trace: Float32Array;
  readonly samplingRate: number;
  readonly sign: '-' | '+';
  readonly cell: TrueSpikes;
  /** Other cells that the pipette hears. */
  readonly others: readonly TrueSpikes[];
  readonly artefacts: TrueSpikes;
}

export function simulate(plan: RecordingPlan, seed: number): Simulated {
  const draw = drawOf(seed);
  const length = Math.round(plan.seconds * SAMPLING_RATE);
  const trace = pipetteNoise(plan.noise ?? {}, length, draw);
  const cell = spikesOf(plan.cell, length, draw, plan.contact);
  const others = (plan.others ?? []).map((other) => spikesOf(other, length, draw));
  const artefacts = artefactsOf(plan, cell.at.length, length, draw);
  lay(trace, cell, pipetteShape(plan.cell.shape));
  for (const [row, other] of (plan.others ?? []).entries()) {
    lay(trace, others[row] as TrueSpikes, pipetteShape(other.shape));
  }
  lay(trace, artefacts, pipetteShape({ half: 4, afterWave: 0 }));
  const sign = plan.sign ?? '-';
  const unit = draw.between(0.7, 2);
  const offset = draw.between(-0.1, 0.1);
  amplify(trace, plan, { side: sign === '-' ? -1 : 1, unit, offset });
  return { trace, samplingRate: SAMPLING_RATE, sign, cell, others, artefacts };
}

function spikesOf(
  { train, height }: CellPlan,
  length: number,
  draw: Draw,
  contact: (seconds: number) => number = () => 1,
): TrueSpikes {
  const { at, place } = spikeTrain(train, length, draw);
  const heights = at.map((sample, row) => {
    const seconds = sample / SAMPLING_RATE;
    const since = row === 0 ? 1 : (sample - (at[row - 1] as number)) / SAMPLING_RATE;
    return Math.max(0, contact(seconds) * height({ seconds, since, place: place[row] as number }, draw));
  });
  return { at, height: heights, place };
}

function artefactsOf({ artefacts }: RecordingPlan, spikes: number, length: number, draw: Draw): TrueSpikes {
  if (!artefacts) return { at: [], height: [], place: [] };
  const count = Math.round((spikes * artefacts.share) / (1 - artefacts.share));
  const at = Array.from({ length: count }, () => 500 + Math.floor(draw.uniform() * (length - 1000))).sort(
    (a, b) => a - b,
  );
  const moment = (sample: number) => ({ seconds: sample / SAMPLING_RATE, since: 1, place: 0 });
  return { at, height: at.map((sample) => artefacts.height(moment(sample), draw)), place: at.map(() => 0) };
}

/** Spikes point up until the amplifier turns them. */
function lay(trace: Float32Array, { at, height }: TrueSpikes, { values, trough }: PipetteShape): void {
  for (const [row, sample] of at.entries()) {
    const depth = height[row] as number;
    if (depth === 0) continue;
    const start = sample - trough;
    const end = Math.min(values.length, trace.length - start);
    for (let t = 0; t < end; t++) trace[start + t] = (trace[start + t] as number) + depth * (values[t] as number);
  }
}

function amplify(
  trace: Float32Array,
  { clip = Number.POSITIVE_INFINITY, step }: RecordingPlan,
  { side, unit, offset }: { readonly side: number; readonly unit: number; readonly offset: number },
): void {
  for (let i = 0; i < trace.length; i++) {
    const held = Math.min(trace[i] as number, clip);
    const value = step === undefined ? held : step * Math.floor(held / step + 0.5);
    trace[i] = side * unit * (value + offset);
  }
}
