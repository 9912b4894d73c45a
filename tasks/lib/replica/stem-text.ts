/** Writes `STEM.txt` of a replica: the authors' notes as `key = value` lines, and the modelled parts. */

import { AUXILIARY } from './array-model.ts';
import { MAD_MULTIPLIER } from './detection-rule.ts';
import { PADDING } from './mcs-header.ts';
import type { Spikes } from './spikes.ts';

/** Returns the stem in the archive: `patch_2_MEA` for `20160415_patch2`; any other name stays. */
export function stemOf(recording: string): string {
  return recording.replace(/^\d{8}_patch(\d+)$/, 'patch_$1_MEA');
}

interface ReplicaNotes {
  readonly recording: string;
  /** Spikes read off the published figure. */
  readonly tabled: Spikes;
  /** Modelled spikes below the threshold. */
  readonly missed: Spikes;
  /** File column of the electrode next to the cell. */
  readonly channel: number;
  readonly otherCells: number;
}

export function stemText({ recording, tabled, missed, channel, otherCells }: ReplicaNotes): string {
  const stem = stemOf(recording);
  const lowest = tabled.amplitude.reduce((min, value) => Math.min(min, value), 0);
  const below = missed.sampleIndex.length;
  const tail = below > 0 ? [`${below} spikes below the threshold`] : [];
  const modelled = ['the shape of the spikes', ...tail, `the whole array, with ${otherCells} other cells`];
  return [
    `threshold = ${MAD_MULTIPLIER}`,
    `name = ${stem === recording ? stem : `${recording.slice(0, 8)}/${stem}`}`,
    `juxta_channel = ${AUXILIARY.juxta}`,
    `min_peak = ${lowest.toFixed(4)}`,
    `channel = ${channel}`,
    `padding = ${PADDING}`,
    `modelled_below_threshold = ${below}`,
    `modelled = ${modelled.join('; ')}`,
    '',
  ].join('\n');
}
