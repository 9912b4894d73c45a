/** The evidence on a recording: the pipette's spikes, and other witnesses of them. */
import type { TailSample } from '../detection/tail-below-threshold.ts';
import type { ArrayEvidence } from './array-evidence.ts';
import type { AuthorsAgreement, Lag } from './snr-lag-authors.ts';

/** The spikes on the pipette's trace, in order of time, in samples; heights in the trace's own unit. */
export interface Detected {
  readonly spikes: Float64Array;
  /** Each spike's height less that of the detection level. */
  readonly beyond: Float64Array;
  /** Height of the detection level over the baseline. */
  readonly level: number;
  readonly mad: number;
  readonly length: number;
  readonly samplingRate: number;
}

/** Other evidence on the same spikes; undefined if it was not measured. */
export interface SecondWitnesses {
  /** The trace between 5 MAD and the threshold. */
  readonly tail?: TailSample;
  /** Noise of the trace in windows. */
  readonly noiseMads?: readonly number[];
  readonly peakSnr?: number | null;
  readonly lag?: Lag;
  readonly authors?: AuthorsAgreement;
  readonly array?: ArrayEvidence;
}
