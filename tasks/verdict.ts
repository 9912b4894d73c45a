/** Says whether a recording can serve as ground truth, and why. */
import { defineTask, table } from 'groundwork/task';
import { noiseTable, peaksTable } from '../schemas/tasks/detect.ts';
import { gtInfoTable } from '../schemas/tasks/snr.ts';
import { acceptedPeriodsTable, criteriaTable, verdictParams, verdictTable } from '../schemas/tasks/verdict.ts';
import { beyondThreshold } from './lib/signal/beyond-threshold.ts';
import { edgeFraction } from './lib/signal/edge-fraction.ts';
import { peakSignOf } from './lib/signal/peak-sign.ts';
import { missedFraction } from './lib/signal/truncated-gaussian.ts';
import { edgeCriterion, missedCriterion, snrCriterion, spikeCount, thresholdHeight } from './lib/verdict/criteria.ts';
import { judge } from './lib/verdict/judge.ts';

export default defineTask({
  inputs: { peaks: table(peaksTable), noise: table(noiseTable), gt_info: table(gtInfoTable, { optional: true }) },
  params: verdictParams,
  outputs: {
    criteria: table(criteriaTable),
    verdict: table(verdictTable, { headline: 'verdict' }),
    accepted_periods: table(acceptedPeriodsTable),
  },
  async run({ inputs, params, outputs, log }) {
    const { amplitude } = await inputs.peaks.columns();
    const { n_samples, median, mad, threshold } = await inputs.noise.row();
    const seenOnArray = await inputs.gt_info?.row();

    const sign = peakSignOf(amplitude, median);
    const beyond = beyondThreshold(amplitude, threshold, sign);
    const height = sign === '+' ? threshold - median : threshold + median;
    const criteria = [
      spikeCount(amplitude.length, params.minimum_spikes),
      thresholdHeight(height, mad, params.minimum_threshold_height),
      edgeCriterion(edgeFraction(beyond, mad), params.maximum_edge_fraction),
      missedCriterion(missedFraction(beyond, threshold), params.maximum_missed_fraction),
      ...(seenOnArray ? [snrCriterion(seenOnArray.peak_snr, params.minimum_peak_snr)] : []),
    ];
    const { verdict, reason } = judge(criteria);
    log(`${verdict}: ${reason}`);

    await outputs.criteria.write({
      criterion: criteria.map(({ criterion }) => criterion),
      value: criteria.map(({ value }) => value),
      low: criteria.map(({ low }) => low),
      high: criteria.map(({ high }) => high),
      limit: criteria.map(({ limit }) => limit),
      passed: criteria.map(({ outcome }) => outcome === 'passed'),
      reason: criteria.map(({ reason }) => reason),
    });
    await outputs.verdict.write({ recording: [params.recording], verdict: [verdict], reason: [reason] });
    await outputs.accepted_periods.write({
      start_sample: verdict === 'accept' ? [0n] : [],
      end_sample: verdict === 'accept' ? [n_samples] : [],
    });
  },
});
