import { dip, dipPValue } from './dip-test.ts';
import { ashmanD, fitMixtures, likeliestByBic, valley } from './truncated-mixture.ts';

/** Sizes of spikes in the distribution of amplitudes. */
export interface AmplitudeModes {
  readonly count: 1 | 2;
  /** p-value of one mode by the dip test. */
  readonly dipP: number;
  /** Of two groups, divided where the density between them is lowest. */
  readonly groups: {
    /** Share of the spikes in the smaller group. */
    readonly weight: number;
    /** Ashman's D of the two. */
    readonly separation: number;
    /** Whether they fire side by side; else they follow one another in time. */
    readonly sideBySide: boolean;
  } | null;
}

/** Fewer say nothing about modes. */
const FEWEST = 30;
/** Significance of the dip test. */
const P = 0.01;
/** "Very strong" evidence of a difference in BIC (Kass & Raftery 1995), and modes that are clearly apart (Ashman et al. 1994). */
const STRONG = 10;
const APART = 2;
/** Two sizes matter where the density between them falls to half of the lower one, and the smaller group holds a twentieth. */
const VALLEY = 0.5;
const SMALLEST = 0.05;

/**
 * Whether the spikes have two sizes. Either of two judges may prove it: the dip test, which assumes nothing but sees little of
 * a small second group, or a mixture of Gaussians cut off at the threshold with a clearly better BIC and components well
 * apart, which would see two in skew alone. Both see two where thousands of spikes show modes of no account, so a valley
 * between two groups of some size is asked for. `beyond` holds each spike's height less the threshold, in order of time.
 * Null with fewer than 30 spikes.
 */
export function amplitudeModes(beyond: Float64Array): AmplitudeModes | null {
  if (beyond.length < FEWEST) return null;
  const dipP = dipPValue(dip(beyond.slice().sort()), beyond.length);
  const one = { count: 1, dipP, groups: null } as const;
  const mixtures = fitMixtures(beyond);
  const [single, pair] = mixtures ?? [];
  const best = mixtures && likeliestByBic(mixtures);
  if (!single || !pair || !best) return one;
  const [a, b] = pair.components;
  const separation = a && b ? ashmanD(a, b) : 0;
  const between = valley(best.components);
  const proven = dipP < P || (single.bic - best.bic > STRONG && separation > APART);
  if (!proven || !between || between.ratio > VALLEY) return one;
  const low = beyond.map((y) => (y < between.at ? 1 : 0));
  const share = low.reduce((sum, is) => sum + is, 0) / low.length;
  const weight = Math.min(share, 1 - share);
  if (weight < SMALLEST) return one;
  return { count: 2, dipP, groups: { weight, separation, sideBySide: mixing(low, share) >= 0.5 } };
}

/** How often neighbouring spikes differ in kind, against what chance gives if the kinds are mixed at random. */
function mixing(low: Float64Array, share: number): number {
  let changes = 0;
  for (let i = 1; i < low.length; i++) if (low[i] !== low[i - 1]) changes++;
  return changes / (2 * share * (1 - share) * (low.length - 1));
}
