/** Makes recordings of which the truth is known, and has the pipeline's tasks judge them: one scenario an action. */
import { setImmediate } from 'node:timers/promises';
import { defineTask, figure, table } from 'groundwork/task';
import { judgedTable, syntheticParams } from '../schemas/tasks/synthetic.ts';
import { verdictShares } from './lib/figure/verdict-shares.ts';
import { randomSource } from './lib/signal/random.ts';
import { type Evaluated, evaluate, type Measure } from './lib/synthetic/evaluate.ts';
import { verdictLevels } from './lib/synthetic/levels.ts';
import { halfOf, scenarioNames, scenarioOf } from './lib/synthetic/scenarios.ts';

const NONE: Measure = { value: null, low: null, high: null, outcome: '' };

export default defineTask({
  inputs: {},
  params: syntheticParams,
  outputs: { judged: table(judgedTable, { csv: true }), verdict_shares: figure() },
  async run({ params, outputs, progress, log, signal }) {
    const { scenario: name, recordings, electrodes, snr } = params;
    const scenario = scenarioOf(name);
    const seeds = randomSource(params.seed * scenarioNames.length + scenarioNames.indexOf(name));
    const wanted = scenario.levels.flatMap((level) =>
      Array.from({ length: recordings }, () => ({ scenario: name, level, seed: seeds() })),
    );
    const array = electrodes === 0 ? {} : { array: { electrodes, snr } };
    const judged: (Evaluated & { level: number; seed: number })[] = [];
    for (const { level, seed } of wanted) {
      judged.push({ level, seed, ...(await evaluate({ scenario: name, level, seed, ...array })) });
      progress(judged.length / wanted.length);
      await setImmediate();
      signal.throwIfAborted();
    }

    const measure = (criterion: string) => judged.map(({ criteria }) => criteria.get(criterion) ?? NONE);
    const overall = measure('missed_fraction');
    const inWindows = measure('missed_fraction_in_windows');
    const values = (criterion: string) => measure(criterion).map(({ value }) => value);
    await outputs.judged.write({
      scenario: judged.map(() => name),
      level: judged.map(({ level }) => level),
      varies: judged.map(() => scenario.varies),
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
      peak_snr: values('peak_snr'),
      verdict: judged.map(({ verdict }) => verdict),
      deciding: judged.map(({ deciding }) => deciding.join(' ')),
      accepted_seconds: judged.map(({ acceptedSeconds }) => acceptedSeconds),
      missed_in_periods: judged.map(({ missedInPeriods }) => missedInPeriods),
    });
    const levels = verdictLevels(judged);
    await outputs.verdict_shares.write(verdictShares(name, scenario.varies, levels));
    log(levels.map(({ level, reject }) => `${level}: ${Math.round(reject * 100)} % rejected`).join('; '));
  },
});
