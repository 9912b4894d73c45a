/** Counts the detected spikes by amplitude, and shows the count and the amplitudes over time. */
import { defineTask, figure, table } from 'groundwork/task';
import { noiseTable, peaksTable } from '../schemas/tasks/detect.ts';
import { histogramParams, histogramTable } from '../schemas/tasks/histogram.ts';
import { juxtaAmplitudeOverTime } from './lib/figure/juxta-amplitude-over-time.ts';
import { juxtaPeakAmplitude } from './lib/figure/juxta-peak-amplitude.ts';
import { amplitudeHistogram } from './lib/signal/amplitude-histogram.ts';
import { peakSignOf } from './lib/signal/peak-sign.ts';

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
    const { binLeft, count } = amplitudeHistogram(amplitude, binWidth, peakSign);
    await outputs.histogram.write({ bin_left: binLeft, count });
    await outputs.juxta_peak_amplitude.write(juxtaPeakAmplitude({ binLeft, count, binWidth, noise, peakSign }));
    const duration = Number(n_samples) / sampling_rate;
    await outputs.juxta_amplitude_over_time.write(
      juxtaAmplitudeOverTime({ time, amplitude, binLeft, count, binWidth, noise, duration, peakSign }),
    );
  },
});
