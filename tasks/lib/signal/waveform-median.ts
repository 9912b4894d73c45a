/** The median waveform of a cell on every electrode, and its spread. */
import { histogramBins, histogramMedianMad } from './histogram-median.ts';

/** Windows cut out of the recording, as it has them: spikes x frames x channels, the last index fastest. */
export interface Windows {
  readonly values: Uint16Array;
  readonly spikes: number;
  readonly frames: number;
  /** Columns of the file, electrodes or not. */
  readonly channels: number;
}

/** Median and MAD (times 1.4826) in converter units: electrodes x `width` samples, the last index fastest. */
export interface MedianWaveforms {
  readonly median: Float64Array;
  readonly mad: Float64Array;
  readonly width: number;
}

/**
 * Puts windows into `cells` (frames x electrodes x spikes) as spikes `first` and on, of `total`: then the
 * values that one median is made of lie side by side. A few dozen spikes at a time stay in the processor's
 * cache; counting windows as they are takes four times as long.
 */
export function gatherCells(
  { values, spikes, frames, channels }: Windows,
  fileChannels: Int32Array,
  cells: Uint16Array,
  total: number,
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
 * Median and MAD of every cell (frames x electrodes x `spikes`, at least one), into samples `first` and on of
 * `into`. By counting: linear in the spikes.
 */
export function medianOverSpikes(cells: Uint16Array, spikes: number, into: MedianWaveforms, first: number): void {
  const electrodes = into.median.length / into.width;
  const counts = new Uint32Array(histogramBins);
  for (let start = 0, cell = 0; start < cells.length; start += spikes, cell++) {
    let low = histogramBins;
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
 * Where the median waveforms go lowest, the first of several places: its electrode is the one on which the
 * cell is seen best. An electrode of which no sample varies is dead, and counts only where all are. Of no waveforms, -1.
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
