"""The same measures with NumPy, timed in this process: answers each line of its input, a measure, with milliseconds.

Started as: python3 numpy-kernels.py TRACE RECORDING PADDING CHANNELS
"""

import sys
import time

import numpy as np

trace_file, recording_file, padding, channels = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
trace = np.fromfile(trace_file, dtype="float32")
recording = np.memmap(recording_file, dtype="uint16", mode="r", offset=padding).reshape(-1, channels)


def median_mad(x):
    median = np.median(x)
    return median, np.median(np.abs(x - median)) * 1.4826


def peaks(x, level, half_width=10):
    """Negative peaks. Only what lies below the level is looked at again: faster than whole-trace comparisons."""
    at = np.flatnonzero(x[half_width : x.size - half_width] < level) + half_width
    for d in range(1, half_width + 1):
        at = at[(x[at] < x[at - d]) & (x[at] <= x[at + d])]
    return at


def detect():
    median, mad = median_mad(trace)
    return peaks(trace, np.float32(-(median + 8 * mad)))


measures = {
    "median_mad": lambda: median_mad(trace),
    "detect": detect,
    "noise_of_one_channel": lambda: median_mad(np.array(recording[:, 100]).astype("float64")),
}
for line in sys.stdin:
    start = time.perf_counter()
    measures[line.strip()]()
    print((time.perf_counter() - start) * 1000, flush=True)
