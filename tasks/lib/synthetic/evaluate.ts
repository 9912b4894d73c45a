/** Evaluates a recording of known truth: simulates it, has the pipeline's tasks judge it, and compares the verdict with the truth. */

import { beyondThreshold } from '../detection/beyond-threshold.ts';
import { amplitudeCutoff } from '../spikes/amplitude-cutoff.ts';
import { uncutGaussian } from '../statistics/uncut-gaussian.ts';
import { arrayTrace } from './array-trace.ts';
import { drawOf } from './draw.ts';
import { type JudgedTables, judgeSimulated } from './judge-simulated.ts';
import { type ScenarioName, scenarioOf } from './scenarios.ts';
import { type Simulated, simulate } from './simulate.ts';
import { type TissuePlan, tissueOf } from './tissue.ts';
import { missedWithin, truthOf } from './truth.ts';

/** Specifies a recording by its scenario, the level of the fault, and the seed of everything else. */
export interface RecordingSpec {
  readonly scenario: ScenarioName;
  readonly level: number;
  readonly seed: number;
  /** The array; undefined judges the pipette alone. */
  readonly array?: TissuePlan;
}

/** A criterion as the table `criteria` has it. */
export interface Measure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly outcome: string;
}

/** The verdict on a recording. */
export interface Judgement {
  readonly verdict: string;
  /** Names of the criteria that decided. */
  readonly deciding: readonly string[];
  /** By name; a criterion that was not judged is missing. */
  readonly criteria: ReadonlyMap<string, Measure>;
  readonly acceptedSeconds: number;
  /** Share of the cell's spikes in the accepted periods that were not detected; null without periods. */
  readonly missedInPeriods: number | null;
}

/** A recording, its truth, and the verdict by the pipette alone. */
export interface Evaluated extends Judgement {
  readonly seconds: number;
  readonly fired: number;
  readonly spikes: number;
  /** True shares. */
  readonly missed: number;
  readonly extra: number;
  readonly amplitudeCutoff: number | null;
  readonly uncutGaussian: number | null;
  /** The verdict with the array and the cell's matched-filter SNR, null if the array cannot be asked; null without an array. */
  readonly withArray: (Judgement & { readonly snr: number | null }) | null;
}

/** Separate the random streams of a recording's plan, trace and array. */
const [PLAN, TRACE, ARRAY] = [0x2545f491, 0x5bd1e995, 0x1b873593];

export function simulateRecording({ scenario, level, seed }: RecordingSpec): { seconds: number; simulated: Simulated } {
  const plan = scenarioOf(scenario).plan(level, drawOf(seed ^ PLAN));
  return { seconds: plan.seconds, simulated: simulate(plan, seed ^ TRACE) };
}

/** Simulates the array's frames of a recording. */
export function arrayFrames(simulated: Simulated, plan: TissuePlan, seed: number): Uint16Array {
  const draw = drawOf(seed ^ ARRAY);
  const length = simulated.trace.length;
  return arrayTrace(tissueOf(simulated, plan, length, draw), plan, length, draw);
}

export async function evaluate(spec: RecordingSpec): Promise<Evaluated> {
  const { seconds, simulated } = simulateRecording(spec);
  const { array: plan } = spec;
  const array = plan && { frames: arrayFrames(simulated, plan, spec.seed), electrodes: plan.electrodes };
  const { peaks, noise, alone, withArray } = await judgeSimulated(simulated, array);
  const detected = Array.from(peaks.sample_index as ArrayLike<bigint>, Number);
  const { missed, extra, found } = truthOf(simulated.cell.at, detected);
  const beyond = beyondThreshold(peaks.amplitude as Float32Array, noise.threshold?.[0] as number, simulated.sign);
  const judgement = (judged: JudgedTables) => judgementOf(judged, simulated, found);
  return {
    seconds,
    fired: simulated.cell.at.length,
    spikes: detected.length,
    missed,
    extra,
    ...judgement(alone),
    amplitudeCutoff: amplitudeCutoff(beyond),
    uncutGaussian: uncutGaussian(beyond),
    withArray: withArray && { ...judgement(withArray), snr: withArray.snr },
  };
}

function judgementOf(judged: JudgedTables, { cell, samplingRate }: Simulated, found: readonly boolean[]): Judgement {
  const criteria = measuresOf(judged);
  const verdict = String(judged.verdict.verdict?.[0]);
  const decisive = verdict === 'reject' ? ['failed'] : ['doubtful', 'unknown'];
  const { start_sample, end_sample } = judged.acceptedPeriods as Record<string, ArrayLike<unknown>>;
  const periods = Array.from(start_sample ?? [], (start, row) => ({
    start: Number(start),
    end: Number(end_sample?.[row]),
  }));
  return {
    verdict,
    deciding: [...criteria].flatMap(([name, { outcome }]) => (decisive.includes(outcome) ? [name] : [])),
    criteria,
    acceptedSeconds: periods.reduce((sum, { start, end }) => sum + (end - start) / samplingRate, 0),
    missedInPeriods: missedWithin(cell.at, found, periods),
  };
}

function measuresOf({ criteria }: JudgedTables): Map<string, Measure> {
  const { criterion, value, low, high, outcome } = criteria as Record<string, ArrayLike<unknown>>;
  const at = (column: ArrayLike<unknown> | undefined, row: number) => (column?.[row] ?? null) as number | null;
  return new Map(
    Array.from(criterion ?? [], (name, row) => [
      String(name),
      { value: at(value, row), low: at(low, row), high: at(high, row), outcome: String(outcome?.[row]) },
    ]),
  );
}
