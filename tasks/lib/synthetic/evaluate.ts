/** One recording of known truth from beginning to end: made, judged by the pipeline's tasks, and compared with the truth. */

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

/** Which recording: its scenario, how bad, and the seed of all else. */
export interface Wanted {
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
export interface Said {
  readonly verdict: string;
  /** Names of the criteria that decided. */
  readonly deciding: readonly string[];
  /** By name; a criterion that was not judged is missing. */
  readonly criteria: ReadonlyMap<string, Measure>;
  readonly acceptedSeconds: number;
  /** Share of the cell's spikes in the accepted periods that were not detected; null without periods. */
  readonly missedInPeriods: number | null;
}

/** A recording, its truth, and what is said of it by the pipette alone. */
export interface Evaluated extends Said {
  readonly seconds: number;
  readonly fired: number;
  readonly spikes: number;
  /** True shares. */
  readonly missed: number;
  readonly extra: number;
  readonly amplitudeCutoff: number | null;
  readonly uncutGaussian: number | null;
  /** The verdict with the array, and the cell's matched-filter SNR, null where the array cannot be asked; null without an array. */
  readonly withArray: (Said & { readonly snr: number | null }) | null;
}

/** The streams of a recording's plan, trace and array have nothing in common. */
const [PLAN, TRACE, ARRAY] = [0x2545f491, 0x5bd1e995, 0x1b873593];

export function madeOf({ scenario, level, seed }: Wanted): { seconds: number; simulated: Simulated } {
  const plan = scenarioOf(scenario).plan(level, drawOf(seed ^ PLAN));
  return { seconds: plan.seconds, simulated: simulate(plan, seed ^ TRACE) };
}

/** The array's frames of a recording. */
export function arrayOf(simulated: Simulated, plan: TissuePlan, seed: number): Uint16Array {
  const draw = drawOf(seed ^ ARRAY);
  const length = simulated.trace.length;
  return arrayTrace(tissueOf(simulated, plan, length, draw), plan, length, draw);
}

export async function evaluate(wanted: Wanted): Promise<Evaluated> {
  const { seconds, simulated } = madeOf(wanted);
  const { array: plan } = wanted;
  const array = plan && { frames: arrayOf(simulated, plan, wanted.seed), electrodes: plan.electrodes };
  const { peaks, noise, alone, withArray } = await judgeSimulated(simulated, array);
  const detected = Array.from(peaks.sample_index as ArrayLike<bigint>, Number);
  const { missed, extra, found } = truthOf(simulated.cell.at, detected);
  const beyond = beyondThreshold(peaks.amplitude as Float32Array, noise.threshold?.[0] as number, simulated.sign);
  const said = (judged: JudgedTables) => saidOf(judged, simulated, found);
  return {
    seconds,
    fired: simulated.cell.at.length,
    spikes: detected.length,
    missed,
    extra,
    ...said(alone),
    amplitudeCutoff: amplitudeCutoff(beyond),
    uncutGaussian: uncutGaussian(beyond),
    withArray: withArray && { ...said(withArray), snr: withArray.snr },
  };
}

function saidOf(judged: JudgedTables, { cell, samplingRate }: Simulated, found: readonly boolean[]): Said {
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
