/** The cell's median waveforms, input of all waveform figures. */
export interface Waveforms {
  readonly channels: number;
  /** The samples of the window, as offsets from the peak in the juxta trace. */
  readonly samples: Int32Array | readonly number[];
  /** Median over the spikes in converter units: channels x samples, the last index fastest. */
  readonly median: Float64Array;
  /** MAD over the spikes (times 1.4826), likewise. */
  readonly mad: Float64Array;
  /** Number of spikes in the medians. */
  readonly spikes: number;
}

export const hasWaveforms = ({ channels, samples, median, spikes }: Waveforms): boolean =>
  spikes > 0 && channels > 0 && samples.length > 0 && median.length > 0;

/** A channel's part of median and MAD, as views. */
export function channelOf({ median, mad, samples }: Waveforms, channel: number) {
  const [start, end] = [channel * samples.length, (channel + 1) * samples.length];
  return { median: median.subarray(start, end), mad: mad.subarray(start, end) };
}
