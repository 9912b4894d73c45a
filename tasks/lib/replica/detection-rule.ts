/** What a replica promises `detect`, in the terms of its rule: x[i] < -(median + 8 mad), lowest within 10 samples. */
export const MAD_MULTIPLIER = 8;
export const HALF_WIDTH = 10;

/** Least distance between two spikes, in samples: no spike's waveform reaches into another's. */
export const SPACING = 60;

/** How far the finished trace's threshold may be from the tabled one, in MADs (0.0003 of the trace's units at most in the published). */
export const THRESHOLD_TOLERANCE = 1e-4;
