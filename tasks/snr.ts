/** Computes the cell's SNR on the array: the peak of its median waveform over the noise of that electrode. */
import { DataError, defineTask, table } from 'groundproof/task';
import { peaksTable } from '../schemas/tasks/detect.ts';
import { channelNoiseTable } from '../schemas/tasks/noise.ts';
import { gtInfoTable, snrParams } from '../schemas/tasks/snr.ts';
import { waveformsTable } from '../schemas/tasks/waveforms.ts';
import { lowestPoint } from './lib/waveforms/waveform-median.ts';

export default defineTask({
  inputs: { peaks: table(peaksTable), waveforms: table(waveformsTable), channel_noise: table(channelNoiseTable) },
  params: snrParams,
  outputs: { gt_info: table(gtInfoTable) },
  async run({ inputs, outputs, log }) {
    const spikes = (await inputs.peaks.columns()).sample_index.length;
    const waveforms = await inputs.waveforms.columns();
    const noise = await inputs.channel_noise.columns();
    const lowest = lowestPoint(waveforms);
    if (lowest === -1) {
      log.warn('no waveforms, so no signal-to-noise ratio');
      const nothing = { max_on_channel: [null], peak_value: [null], peak_snr: [null], noise_mad: [null] };
      await outputs.gt_info.write({ nb_spike: [spikes], ...nothing, file_channel: [null] });
      return;
    }

    const electrode = waveforms.channel[lowest] as number;
    const row = noise.channel.indexOf(electrode);
    if (row === -1) {
      throw new DataError(
        `channel ${electrode} has waveforms but no noise (${noise.channel.length} channels have): ` +
          'waveforms and noise must be of one recording',
      );
    }
    const mad = noise.mad[row] as number;
    const fileChannel = noise.file_channel[row] as number;
    const peak = (waveforms.median[lowest] as number) - (noise.median[row] as number);
    if (mad === 0) {
      log.warn(`the noise MAD of channel ${electrode} (file channel ${fileChannel}) is 0, so no signal-to-noise ratio`);
    }
    await outputs.gt_info.write({
      nb_spike: [spikes],
      max_on_channel: [electrode],
      peak_value: [peak],
      peak_snr: [mad === 0 ? null : Math.abs(peak / mad)],
      noise_mad: [mad],
      file_channel: [fileChannel],
    });
  },
});
