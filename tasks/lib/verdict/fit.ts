import type { Missed } from '../spikes/missed-in-windows.ts';

/** The result of a fit of cut Gaussians, with the share of spikes that it expects within 1 MAD of the threshold. */
export type Fit =
  | (Missed & {
      readonly kind: 'estimated';
      readonly expectedAtEdge: number;
      /** True if the windows differ in sd, for example because it follows the mean: shares and interval do not hold then. */
      readonly uneven?: boolean;
    })
  /** The mode is at or below the threshold; `atLeast` is a lower bound of the missing share, null without a bound. */
  | { readonly kind: 'mode-at-threshold'; readonly atLeast: number | null }
  | { readonly kind: 'too-few-spikes' };
