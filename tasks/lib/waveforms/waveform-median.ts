/** Computes the median waveform of a cell on every electrode, and its spread. */
import { HISTOGRAM_BINS, histogramMedianMad } from '../noise/histogram-median.ts';

/** Windows cut out of the recording in its order: spikes x frames x channels, the last index fastest. */
export interface Windows {
  readonly values: Uint16Array;
  readonly spikes: number;
  readonly frames: number;
  /** All columns of the file, also those without an electrode. */
  readonly channels: number;
}

/** Cells, frames x electrodes x spikes, the last index fastest: the values of each median are adjacent. */
export interface Cells {
  readonly values: Uint16Array;
  /** Number of spikes per cell. */
  readonly spikes: number;
}

/** Median and MAD (times 1.4826) in converter units: electrodes x `width` samples, the last index fastest. */
export interface MedianWaveforms {
  readonly median: Float64Array;
  readonly mad: Float64Array;
  readonly width: number;
}

/**
 * Copies windows into `cells` as its spikes from `first` on. A few dozen spikes at a time stay in the processor's cache;
 * counting windows in their original order takes four times as long.
 */
export function gatherCells(
  { values, spikes, frames, channels }: Windows,
  fileChannels: Int32Array,
  { values: cells, spikes: total }: Cells,
  first: number,
): void {
  const stride = frames * channels;
  let to = first;
  for (let frame = 0; frame < frames; frame++) {
    for (let electrode = 0; electrode < fileChannels.length; electrode++) {
      let from = frame * channels + (fileChannels[electrode] as number);
      for (let spike = 0; spike < spikes; spike++) {
        cells[to + spike] = values[from] as number;
        from += stride;
      }
      to += total;
    }
  }
}

/**
 * Writes median and MAD of every cell, which holds at least a spike, into the samples of `into` from `first` on. Counting
 * takes time linear in the spikes.
 */
export function medianOverSpikes({ values: cells, spikes }: Cells, into: MedianWaveforms, first: number): void {
  const electrodes = into.median.length / into.width;
  const counts = new Uint32Array(HISTOGRAM_BINS);
  for (let start = 0, cell = 0; start < cells.length; start += spikes, cell++) {
    let low = HISTOGRAM_BINS;
    let high = 0;
    for (let i = start; i < start + spikes; i++) {
      const value = cells[i] as number;
      counts[value] = (counts[value] as number) + 1;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const { median, mad } = histogramMedianMad(counts, low, high, spikes);
    counts.fill(0, low, high + 1);
    const at = (cell % electrodes) * into.width + first + Math.floor(cell / electrodes);
    into.median[at] = median;
    into.mad[at] = mad;
  }
}

/** Median waveforms, electrode by electrode, with their spread over the spikes. */
export interface SpreadWaveforms {
  readonly channel: ArrayLike<number>;
  readonly median: Float64Array;
  readonly mad: Float64Array;
}

/**
 * Returns the index of the lowest value, the first of equals, or -1 without waveforms. Its electrode shows the cell best. A
 * dead electrode, on which no sample varies, counts only if all are dead.
 */
export function lowestPoint({ channel, median, mad }: SpreadWaveforms): number {
  const alive = new Set(Array.from(channel).filter((_, row) => (mad[row] as number) > 0));
  const lowest = (rows: readonly number[]): number | undefined =>
    rows.reduce<number | undefined>(
      (at, row) => (at === undefined || (median[row] as number) < (median[at] as number) ? row : at),
      undefined,
    );
  const rows = [...median.keys()];
  return lowest(rows.filter((row) => alive.has(channel[row] as number))) ?? lowest(rows) ?? -1;
}
