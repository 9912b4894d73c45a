/** The rule of `detect` that a replica must satisfy: x[i] < -(median + 8 mad), and lowest within 10 samples. */
export const MAD_MULTIPLIER = 8;
export const HALF_WIDTH = 10;

/** Smallest distance between two spikes in samples; their waveforms do not overlap. */
export const SPACING = 60;

/** Largest difference in MADs between the finished trace's threshold and the tabled threshold (at most 0.0003 trace units). */
export const THRESHOLD_TOLERANCE = 1e-4;
