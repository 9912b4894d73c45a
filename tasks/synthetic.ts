/** Makes recordings of which the truth is known, and judges them with the default limits: one scenario an action. */
import { defineTask, figure, table } from 'groundwork/task';
import { judgedTable, syntheticParams } from '../schemas/tasks/synthetic.ts';
import { verdictShares } from './lib/figure/verdict-shares.ts';
import { randomSource } from './lib/signal/random.ts';
import { judgeSynthetic } from './lib/synthetic/judged-recording.ts';
import { verdictLevels } from './lib/synthetic/levels.ts';
import { recordingOf, scenarios } from './lib/synthetic/scenarios.ts';
import { defaultLimits } from './lib/verdict/limits.ts';

export default defineTask({
  inputs: {},
  params: syntheticParams,
  outputs: { judged: table(judgedTable, { csv: true }), verdict_shares: figure() },
  async run({ params, outputs, progress, log, signal }) {
    const { scenario: name, recordings } = params;
    const scenario = scenarios[name];
    const seeds = randomSource(params.seed + Object.keys(scenarios).indexOf(name));
    const wanted = scenario.levels.flatMap((level) =>
      Array.from({ length: recordings }, () => ({ level, seed: seeds() })),
    );
    const judged = wanted.map(({ level, seed }, done) => {
      signal.throwIfAborted();
      progress(done / wanted.length);
      return { level, seed, ...judgeSynthetic(recordingOf(scenario, level, seed), defaultLimits) };
    });

    await outputs.judged.write({
      scenario: judged.map(() => name),
      level: judged.map(({ level }) => level),
      varies: judged.map(() => scenario.varies),
      seed: judged.map(({ seed }) => BigInt(seed)),
      spikes: judged.map(({ spikes }) => spikes),
      missed_share: judged.map(({ missed }) => missed),
      missed_fraction: judged.map(({ missedFraction }) => missedFraction.value),
      missed_fraction_low: judged.map(({ missedFraction }) => missedFraction.low),
      missed_fraction_high: judged.map(({ missedFraction }) => missedFraction.high),
      missed_fraction_in_windows: judged.map(({ inWindows }) => inWindows.value),
      missed_fraction_in_windows_low: judged.map(({ inWindows }) => inWindows.low),
      missed_fraction_in_windows_high: judged.map(({ inWindows }) => inWindows.high),
      edge_fraction: judged.map(({ edge }) => edge.value),
      amplitude_cutoff: judged.map(({ amplitudeCutoff }) => amplitudeCutoff),
      uncut_gaussian: judged.map(({ uncutGaussian }) => uncutGaussian),
      worst_window: judged.map(({ worstWindow }) => worstWindow.outcome),
      verdict: judged.map(({ verdict }) => verdict),
      deciding: judged.map(({ deciding }) => deciding.join(' ')),
    });
    const levels = verdictLevels(judged);
    await outputs.verdict_shares.write(verdictShares(name, scenario.varies, levels));
    log(levels.map(({ level, reject }) => `${level}: ${Math.round(reject * 100)} % rejected`).join('; '));
  },
});
