import { dip, dipPValue } from '../statistics/dip-test.ts';
import { ashmanD, fitMixtures, likeliestByBic, valley } from '../statistics/truncated-mixture.ts';

/** Modes of the distribution of amplitudes. */
export interface AmplitudeModes {
  readonly count: 1 | 2;
  /** p-value of a single mode by the dip test. */
  readonly dipP: number;
  /** The two groups of spikes on either side of the lowest density; null for a single mode. */
  readonly groups: {
    /** Share of the spikes in the smaller group. */
    readonly weight: number;
    /** Ashman's D of the groups. */
    readonly separation: number;
    /** Whether the groups fire in the same period, as opposed to one after the other. */
    readonly sideBySide: boolean;
  } | null;
}

/** Fewer spikes do not show modes. */
const MIN_SPIKES = 30;
/** Significance level of the dip test. */
export const MAX_DIP_P = 0.01;
/** BIC gain of "very strong" evidence (Kass & Raftery 1995), and Ashman's D of clearly separate modes (Ashman et al. 1994). */
const MIN_BIC_GAIN = 10;
const MIN_SEPARATION = 2;
/** Two modes matter if the density between them falls to half of the lower mode, and the smaller group holds 5 %. */
const MAX_VALLEY = 0.5;
const MIN_WEIGHT = 0.05;

/**
 * Decides whether the spikes have two sizes. Either of two tests may show it: the dip test, which assumes nothing but is
 * weak for a small second group; or a mixture of Gaussians truncated at the threshold, with a clearly better BIC and
 * separate components, which alone would take skew for two modes. With thousands of spikes both tests find negligible
 * modes, so a valley between two groups of some size is required as well. `beyond` holds each spike's height less the
 * threshold, in order of time. Null with fewer than 30 spikes.
 */
export function amplitudeModes(beyond: Float64Array): AmplitudeModes | null {
  if (beyond.length < MIN_SPIKES) return null;
  const dipP = dipPValue(dip(beyond.slice().sort()), beyond.length);
  const unimodal = { count: 1, dipP, groups: null } as const;
  const mixtures = fitMixtures(beyond);
  const [single, pair] = mixtures ?? [];
  const best = mixtures && likeliestByBic(mixtures);
  if (!single || !pair || !best) return unimodal;
  const [a, b] = pair.components;
  const separation = a && b ? ashmanD(a, b) : 0;
  const between = valley(best.components);
  const proven = dipP < MAX_DIP_P || (single.bic - best.bic > MIN_BIC_GAIN && separation > MIN_SEPARATION);
  if (!proven || !between || between.ratio > MAX_VALLEY) return unimodal;
  const low = beyond.map((y) => (y < between.at ? 1 : 0));
  const share = low.reduce((sum, is) => sum + is, 0) / low.length;
  const weight = Math.min(share, 1 - share);
  if (weight < MIN_WEIGHT) return unimodal;
  return { count: 2, dipP, groups: { weight, separation, sideBySide: mixing(low, share) >= 0.5 } };
}

/** Returns how often successive spikes differ in group, relative to groups mixed at random. */
function mixing(low: Float64Array, share: number): number {
  let changes = 0;
  for (let i = 1; i < low.length; i++) if (low[i] !== low[i - 1]) changes++;
  return changes / (2 * share * (1 - share) * (low.length - 1));
}
