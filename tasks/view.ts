/** What the report shows of one recording: its figures, its criteria, its trace to be zoomed through. */
import { basename } from 'node:path';
import { defineTask, file, table } from 'groundproof/task';
import { belowThresholdTable, noiseTable, peaksTable, triggersAgreementTable } from '../schemas/tasks/detect.ts';
import { histogramTable } from '../schemas/tasks/histogram.ts';
import { channelNoiseTable } from '../schemas/tasks/noise.ts';
import { gtInfoTable } from '../schemas/tasks/snr.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { acceptedPeriodsTable, criteriaTable, windowsTable } from '../schemas/tasks/verdict.ts';
import { viewParams } from '../schemas/tasks/view.ts';
import { pickedTable, waveformsTable } from '../schemas/tasks/waveforms.ts';
import { missedCandidatesTable, missedWaveformTable } from '../schemas/tasks/witness.ts';
import { amplitudeSparkline } from './lib/figure/amplitude-sparkline.ts';
import { amplitudeTail } from './lib/figure/amplitude-tail.ts';
import { bestWaveform, footprint } from './lib/figure/footprint.ts';
import { juxtaAmplitudeOverTime } from './lib/figure/juxta-amplitude-over-time.ts';
import { missedOverTime } from './lib/figure/missed-over-time.ts';
import { missedWaveform } from './lib/figure/missed-waveform.ts';
import { detectionLevel } from './lib/figure/noise-guides.ts';
import { positionsOf, readElectrodePositions } from './lib/recording/electrode-positions.ts';
import { readJuxta } from './lib/recording/juxta.ts';
import { chart } from './lib/report/chart.ts';
import { criteriaTableOf } from './lib/report/criteria-table.ts';
import { factsOf } from './lib/report/facts.ts';
import { loadLines } from './lib/report/load-lines.ts';
import { marginalSpikes } from './lib/report/marginal-spikes.ts';
import { pageBin, pageTrace } from './lib/report/page-trace.ts';
import { rowsOf } from './lib/report/rows.ts';
import { recordingSection } from './lib/report/section.ts';
import { peakSignOf } from './lib/signal/peak-sign.ts';

export default defineTask({
  inputs: {
    juxta: file(),
    info: table(infoTable),
    peaks: table(peaksTable),
    noise: table(noiseTable),
    below_threshold: table(belowThresholdTable),
    triggers_agreement: table(triggersAgreementTable),
    histogram: table(histogramTable),
    waveforms: table(waveformsTable),
    picked: table(pickedTable),
    channel_noise: table(channelNoiseTable),
    gt_info: table(gtInfoTable),
    criteria: table(criteriaTable),
    windows: table(windowsTable),
    accepted_periods: table(acceptedPeriodsTable),
    missed_candidates: table(missedCandidatesTable, { optional: true }),
    missed_waveform: table(missedWaveformTable, { optional: true }),
    electrodes: file({ optional: true }),
  },
  params: viewParams,
  outputs: { section: file('.html'), sparkline: file('.svg') },
  async run({ inputs, params: { recording }, outputs }) {
    const info = await inputs.info.row();
    const { sample_index: sampleIndex, time, amplitude } = await inputs.peaks.columns();
    const { n_samples, sampling_rate: samplingRate, ...noise } = await inputs.noise.row();
    const peakSign = peakSignOf(amplitude, noise.median);
    const duration = Number(n_samples) / samplingRate;

    const spikes = { time, amplitude, noise, duration, peakSign };
    const sparkline = await chart(amplitudeSparkline(spikes), `Amplitudes of ${recording} over time`);
    outputs.sparkline.write(Buffer.from(sparkline.html));

    const { bin_left: binLeft, count } = await inputs.histogram.columns();
    const binWidth = binLeft.length > 1 ? (binLeft[1] as number) - (binLeft[0] as number) : 1;
    const { title: _, ...amplitudes } = juxtaAmplitudeOverTime({ ...spikes, binLeft, count, binWidth, maxDots: 4000 });

    const below = rowsOf(await inputs.below_threshold.columns());
    const heights = (values: ArrayLike<number>) =>
      Array.from(values, (value) => Math.abs(value - noise.median) / (noise.mad > 0 ? noise.mad : 1));
    const side = (mirrored: boolean) => below.filter((peak) => peak.mirrored === mirrored);
    const [threshold = 0] = heights([detectionLevel(noise, peakSign)]);
    const tail = amplitudeTail({
      spikes: heights(amplitude),
      below: heights(side(false).map((peak) => peak.amplitude)),
      mirrored: heights(side(true).map((peak) => peak.amplitude)),
      threshold,
    });

    const criteria = rowsOf(await inputs.criteria.columns());
    const seconds = <P extends { readonly start_sample: bigint; readonly end_sample: bigint }>(period: P) => ({
      ...period,
      from: Number(period.start_sample) / samplingRate,
      to: Number(period.end_sample) / samplingRate,
    });
    const accepted = rowsOf(await inputs.accepted_periods.columns()).map(seconds);
    const missed = missedOverTime({
      windows: rowsOf(await inputs.windows.columns())
        .map(seconds)
        .map(({ from, to, missed_fraction, missed_fraction_low, missed_fraction_high, sound }) => ({
          from,
          to,
          missed: missed_fraction,
          low: missed_fraction_low,
          high: missed_fraction_high,
          sound,
        })),
      accepted,
      limit: criteria.find(({ criterion }) => criterion === 'worst_window')?.limit ?? 0,
      duration,
    });

    const waveforms = await inputs.waveforms.columns();
    const fileChannels = (await inputs.channel_noise.columns()).file_channel;
    const gtInfo = await inputs.gt_info.row();
    const { electrodes } = inputs;
    const onArray = {
      positions:
        electrodes === undefined
          ? null
          : positionsOf(fileChannels, readElectrodePositions(electrodes), basename(electrodes)),
      channels: fileChannels.length,
      samples: waveforms.sample.slice(0, waveforms.sample.length / Math.max(1, fileChannels.length)),
      median: waveforms.median,
      mad: waveforms.mad,
      spikes: (await inputs.picked.columns()).sample_index.length,
      fileChannels,
      maxOnChannel: gtInfo.max_on_channel,
      samplingRate,
    };

    const level = detectionLevel(noise, peakSign);
    // Under the SNR at which the array is asked its candidates are other cells'.
    const asked = criteria.some(({ criterion, outcome }) => criterion === 'array_missed' && outcome !== 'unasked');
    const candidates = asked
      ? (await inputs.missed_candidates?.columns())?.counted.filter((counted) => counted).length
      : undefined;
    const around = await inputs.missed_waveform?.columns();
    const hidden = around && candidates ? missedWaveform({ ...finite(around), samplingRate, noise, level }) : null;

    const section = await recordingSection(recording, {
      modelled: info.modelled,
      facts: factsOf(
        gtInfo,
        duration,
        accepted.reduce((sum, { from, to }) => sum + to - from, 0),
        await inputs.triggers_agreement.row(),
      ),
      criteria: criteriaTableOf(criteria),
      amplitudes: await chart(amplitudes, `Amplitudes of the spikes of ${recording}: histogram, and over time`),
      tail: await chart(tail, `Peaks of ${recording} on both sides of the threshold, by height`),
      missed: await chart(missed, `Share of missed spikes of ${recording} in windows along the recording`),
      trace: pageTrace({
        ...readJuxta(inputs.juxta, info, pageBin(Number(info.samples))),
        samplingRate,
        noise,
        peakSign,
        peaks: { sampleIndex, amplitude },
        marginal: marginalSpikes(
          { sampleIndex, amplitude },
          {
            sampleIndex: side(false).map((peak) => peak.sample_index),
            amplitude: side(false).map((peak) => peak.amplitude),
          },
          noise,
        ),
      }),
      order: electrodes === undefined ? "in the file's order" : 'at its place',
      footprint: await chart(footprint(onArray), `Median waveforms of ${recording} on the array`),
      waveform: await chart(bestWaveform(onArray), `Median waveform of ${recording} on its best electrode`),
      onArrayAlone:
        candidates === undefined
          ? null
          : {
              count: candidates,
              picture:
                hidden && (await chart(hidden, `Mean trace of ${recording} where the array alone shows the cell`)),
            },
      load: loadLines(recording, info),
    });
    outputs.section.write(Buffer.from(section.html));
  },
});

/** With candidates every sample has a mean. */
const finite = ({ sample, mean }: { readonly sample: ArrayLike<number>; readonly mean: ArrayLike<number | null> }) => ({
  sample,
  mean: Array.from(mean, (value) => value ?? Number.NaN),
});
