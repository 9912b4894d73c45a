/** Makes recordings of known truth and has the pipeline's tasks judge them; each action does a single scenario. */
import { setImmediate } from 'node:timers/promises';
import { defineTask, figure, table } from 'groundproof/task';
import { judgedTable, syntheticParams } from '../schemas/tasks/synthetic.ts';
import { verdictShares } from './lib/figure/verdict-shares.ts';
import { randomSource } from './lib/statistics/random.ts';
import { drawOf } from './lib/synthetic/draw.ts';
import { type Evaluated, evaluate, type Measure } from './lib/synthetic/evaluate.ts';
import { verdictLevels } from './lib/synthetic/levels.ts';
import { halfOf, type ScenarioName, scenarioNames, scenarioOf } from './lib/synthetic/scenarios.ts';

const NONE: Measure = { value: null, low: null, high: null, outcome: '' };

/** Makes the random stream of a recording's SNR independent of the streams that draw the recording. */
const SNR_SEED = 0x9e3779b9;

export default defineTask({
  inputs: {},
  params: syntheticParams,
  outputs: { judged: table(judgedTable, { csv: true }), verdict_shares: figure() },
  async run({ params, outputs, progress, log, signal }) {
    const { scenario: name, recordings, electrodes, with_array, least_snr, most_snr } = params;
    const scenario = scenarioOf(name);
    const seeds = randomSource(params.seed * scenarioNames.length + scenarioNames.indexOf(name));
    const planned = scenario.levels.flatMap((level) =>
      Array.from({ length: recordings }, (_, row) => ({ level, seed: seeds(), withArray: row < with_array })),
    );
    const arrayFrames = (seed: number) => ({ electrodes, snr: drawOf(seed ^ SNR_SEED).between(least_snr, most_snr) });
    const judged: JudgedRecording[] = [];
    for (const { level, seed, withArray } of planned) {
      const array = withArray ? { array: arrayFrames(seed) } : {};
      judged.push({ level, seed, ...(await evaluate({ scenario: name, level, seed, ...array })) });
      progress(judged.length / planned.length);
      await setImmediate();
      signal.throwIfAborted();
    }

    await outputs.judged.write(columnsOf(name, judged));
    const levels = verdictLevels(judged);
    await outputs.verdict_shares.write(verdictShares(name, scenario.varies, levels));
    log(levels.map(({ level, reject }) => `${level}: ${Math.round(reject * 100)} % rejected`).join('; '));
  },
});

type JudgedRecording = Evaluated & { readonly level: number; readonly seed: number };

function columnsOf(name: ScenarioName, judged: readonly JudgedRecording[]) {
  const { varies } = scenarioOf(name);
  const measure = (criterion: string) => judged.map(({ criteria }) => criteria.get(criterion) ?? NONE);
  const overall = measure('missed_fraction');
  const inWindows = measure('missed_fraction_in_windows');
  const values = (criterion: string) => measure(criterion).map(({ value }) => value);
  const beside = judged.map(({ withArray }) => withArray);
  const measureBeside = (criterion: string) => beside.map((result) => result?.criteria.get(criterion) ?? NONE);
  const missedBeside = measureBeside('missed_fraction');
  const missedByArray = measureBeside('array_missed');
  return {
    scenario: judged.map(() => name),
    level: judged.map(({ level }) => level),
    varies: judged.map(() => varies),
    half: judged.map(() => halfOf(name)),
    seed: judged.map(({ seed }) => BigInt(seed)),
    seconds: judged.map(({ seconds }) => seconds),
    fired: judged.map(({ fired }) => fired),
    spikes: judged.map(({ spikes }) => spikes),
    missed_share: judged.map(({ missed }) => missed),
    extra_share: judged.map(({ extra }) => extra),
    missed_fraction: overall.map(({ value }) => value),
    missed_fraction_low: overall.map(({ low }) => low),
    missed_fraction_high: overall.map(({ high }) => high),
    missed_fraction_in_windows: inWindows.map(({ value }) => value),
    missed_fraction_in_windows_low: inWindows.map(({ low }) => low),
    missed_fraction_in_windows_high: inWindows.map(({ high }) => high),
    tail_below_threshold: values('tail_below_threshold'),
    edge_fraction: values('edge_fraction'),
    amplitude_cutoff: judged.map(({ amplitudeCutoff }) => amplitudeCutoff),
    uncut_gaussian: judged.map(({ uncutGaussian }) => uncutGaussian),
    verdict: judged.map(({ verdict }) => verdict),
    deciding: judged.map(({ deciding }) => deciding.join(' ')),
    accepted_seconds: judged.map(({ acceptedSeconds }) => acceptedSeconds),
    missed_in_periods: judged.map(({ missedInPeriods }) => missedInPeriods),
    peak_snr: measureBeside('peak_snr').map(({ value }) => value),
    array_snr: beside.map((result) => result?.snr ?? null),
    array_missed: missedByArray.map(({ value }) => value),
    array_missed_low: missedByArray.map(({ low }) => low),
    array_missed_high: missedByArray.map(({ high }) => high),
    missed_fraction_with_array: missedBeside.map(({ value }) => value),
    missed_fraction_with_array_low: missedBeside.map(({ low }) => low),
    missed_fraction_with_array_high: missedBeside.map(({ high }) => high),
    verdict_with_array: beside.map((result) => result?.verdict ?? null),
    deciding_with_array: beside.map((result) => result?.deciding.join(' ') ?? null),
    missed_in_periods_with_array: beside.map((result) => result?.missedInPeriods ?? null),
  };
}
