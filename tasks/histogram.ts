/** Counts the detected spikes by amplitude, and draws the histogram and the amplitudes over time. */
import { DataError, defineTask, figure, table } from 'groundproof/task';
import { noiseTable, peaksTable } from '../schemas/tasks/detect.ts';
import { histogramParams, histogramTable } from '../schemas/tasks/histogram.ts';
import { peakSignOf } from './lib/detection/peak-sign.ts';
import { juxtaAmplitudeOverTime } from './lib/figure/juxta-amplitude-over-time.ts';
import { juxtaPeakAmplitude } from './lib/figure/juxta-peak-amplitude.ts';
import { amplitudeHistogram } from './lib/spikes/amplitude-histogram.ts';

/** More bins than a figure can show; 25 mV at the default width. */
const MAX_BINS = 100_000;

export default defineTask({
  inputs: { peaks: table(peaksTable), noise: table(noiseTable) },
  params: histogramParams,
  outputs: { histogram: table(histogramTable), juxta_peak_amplitude: figure(), juxta_amplitude_over_time: figure() },
  async run({ inputs, params, outputs, log }) {
    const { time, amplitude } = await inputs.peaks.columns();
    const { n_samples, sampling_rate, ...noise } = await inputs.noise.row();
    if (amplitude.length === 0) log.warn('no spikes: the histogram is empty');

    const peakSign = peakSignOf(amplitude, noise.median);
    const binWidth = params.bin_width;
    requireFewBins(amplitude, binWidth);
    const { binLeft, count } = amplitudeHistogram(amplitude, binWidth, peakSign);
    await outputs.histogram.write({ bin_left: binLeft, count });
    await outputs.juxta_peak_amplitude.write(juxtaPeakAmplitude({ binLeft, count, binWidth, noise, peakSign }));
    const duration = Number(n_samples) / sampling_rate;
    await outputs.juxta_amplitude_over_time.write(
      juxtaAmplitudeOverTime({ time, amplitude, binLeft, count, binWidth, noise, duration, peakSign }),
    );
  },
});

/** Refuses amplitudes so large that their bins would fill memory. */
function requireFewBins(amplitude: Float32Array, binWidth: number): void {
  const largest = amplitude.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const bins = Math.ceil(largest / binWidth);
  if (bins <= MAX_BINS) return;
  throw new DataError(
    `the largest amplitude, ${largest}, makes ${bins} bins of ${binWidth}, expected at most ${MAX_BINS}: ` +
      'check the trace and its unit, or raise bin_width',
  );
}
