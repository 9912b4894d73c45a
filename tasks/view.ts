/** Makes a recording's section of the report: its figures, its criteria, and its trace, which can be zoomed. */
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
import { peakSignOf } from './lib/detection/peak-sign.ts';
import { amplitudeSparkline } from './lib/figure/amplitude-sparkline.ts';
import { bestWaveform, footprint } from './lib/figure/footprint.ts';
import { positionsOf, readElectrodePositions } from './lib/recording/electrode-positions.ts';
import { readJuxta } from './lib/recording/juxta.ts';
import { chart } from './lib/report/chart.ts';
import { criteriaTableOf } from './lib/report/criteria-table.ts';
import { factsOf } from './lib/report/facts.ts';
import { loadLines } from './lib/report/load-lines.ts';
import { rowsOf } from './lib/report/rows.ts';
import { recordingSection } from './lib/report/section.ts';
import {
  amplitudesFigure,
  missedFigure,
  missedWaveformFigure,
  periodOf,
  tailFigure,
  wasArrayAsked,
} from './lib/report/section-figures.ts';
import { marginalSpikes } from './lib/report/trace/marginal-spikes.ts';
import { pageBin, pageTrace } from './lib/report/trace/page-trace.ts';

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

    const below = rowsOf(await inputs.below_threshold.columns());
    const criteria = rowsOf(await inputs.criteria.columns());
    const accepted = rowsOf(await inputs.accepted_periods.columns()).map((period) => periodOf(period, samplingRate));
    const windows = rowsOf(await inputs.windows.columns());
    const gtInfo = await inputs.gt_info.row();

    const amplitudes = amplitudesFigure(spikes, await inputs.histogram.columns());
    const missed = missedFigure({ windows, accepted, criteria, samplingRate, duration });
    const array = arrayOf({
      fileChannels: (await inputs.channel_noise.columns()).file_channel,
      waveforms: await inputs.waveforms.columns(),
      electrodes: inputs.electrodes,
      spikes: (await inputs.picked.columns()).sample_index.length,
      maxOnChannel: gtInfo.max_on_channel,
      samplingRate,
    });

    const arrayAsked = wasArrayAsked(criteria);
    const candidates = arrayAsked
      ? (await inputs.missed_candidates?.columns())?.counted.filter((counted) => counted).length
      : undefined;
    const mean = candidates ? await inputs.missed_waveform?.columns() : undefined;
    const picture = mean
      ? await chart(
          missedWaveformFigure(mean, spikes, samplingRate),
          `Mean trace of ${recording} where the array alone shows the cell`,
        )
      : null;

    const acceptedSeconds = accepted.reduce((sum, { from, to }) => sum + to - from, 0);
    const section = await recordingSection(recording, {
      modelled: info.modelled,
      facts: factsOf(gtInfo, duration, acceptedSeconds, await inputs.triggers_agreement.row()),
      criteria: criteriaTableOf(criteria),
      amplitudes: await chart(amplitudes, `Amplitudes of the spikes of ${recording}: histogram, and over time`),
      tail: await chart(tailFigure(spikes, below), `Peaks of ${recording} on both sides of the threshold, by height`),
      missed: await chart(missed, `Share of missed spikes of ${recording} in windows along the recording`),
      trace: pageTrace({
        ...readJuxta(inputs.juxta, info, pageBin(Number(info.samples))),
        samplingRate,
        noise,
        peakSign,
        peaks: { sampleIndex, amplitude },
        marginal: marginalSpikes({ sampleIndex, amplitude }, peaksOf(below.filter((peak) => !peak.mirrored)), noise),
      }),
      order: inputs.electrodes === undefined ? "in the file's order" : 'at its place',
      footprint: await chart(footprint(array), `Median waveforms of ${recording} on the array`),
      waveform: await chart(bestWaveform(array), `Median waveform of ${recording} on its best electrode`),
      onArrayAlone: candidates === undefined ? null : { count: candidates, picture },
      load: loadLines(recording, info),
    });
    outputs.section.write(Buffer.from(section.html));
  },
});

const peaksOf = (peaks: readonly { readonly sample_index: bigint; readonly amplitude: number }[]) => ({
  sampleIndex: peaks.map((peak) => peak.sample_index),
  amplitude: peaks.map((peak) => peak.amplitude),
});

interface ArrayTables {
  readonly fileChannels: Int32Array;
  readonly waveforms: { readonly sample: Int32Array; readonly median: Float64Array; readonly mad: Float64Array };
  /** Path of the electrodes' positions, if known. */
  readonly electrodes: string | undefined;
  readonly spikes: number;
  readonly maxOnChannel: number | null;
  readonly samplingRate: number;
}

/** The median waveforms with the places of their channels. */
function arrayOf({ fileChannels, waveforms, electrodes, ...rest }: ArrayTables) {
  const { sample, median, mad } = waveforms;
  return {
    ...rest,
    positions:
      electrodes === undefined
        ? null
        : positionsOf(fileChannels, readElectrodePositions(electrodes), basename(electrodes)),
    channels: fileChannels.length,
    samples: sample.slice(0, sample.length / Math.max(1, fileChannels.length)),
    median,
    mad,
    fileChannels,
  };
}
