import type { Missed } from '../spikes/missed-in-windows.ts';

/** What a fit of cut Gaussians says, and the share of spikes that it expects within one MAD of the threshold. */
export type Fit =
  | (Missed & {
      readonly kind: 'estimated';
      readonly expectedAtEdge: number;
      /** True if one sd for all windows is not what they show, as where it follows the mean: shares and interval do not hold then. */
      readonly uneven?: boolean;
    })
  /** The mode is at or below the threshold; `atLeast` where even a lower bound is known. */
  | { readonly kind: 'mode-at-threshold'; readonly atLeast: number | null }
  | { readonly kind: 'too-few-spikes' };
