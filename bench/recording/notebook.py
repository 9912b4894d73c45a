"""Computes the notebook's numbers of a recording, in the notebook's order, with NumPy alone.

Usage: python3 notebook.py FOLDER [--unpack ARCHIVE] [--copy]

FOLDER has the unpacked files; with --unpack, the archive is unpacked into it. With --copy the whole array is copied into
memory first, as the notebook does; without it only the needed parts of the memory map are read. Formulas: tridesclous
1.0 to 1.2.2 (tools.median_mad, peakdetector). Draws spikes with a seed, without replacement; makes no figures or reports.
"""

import json
import os
import pathlib
import resource
import sys
import tarfile

import numpy as np

CHANNELS, RATE, HALF_WIDTH, BEFORE, AFTER = 256, 20000.0, 10, 45, 60
folder = pathlib.Path(sys.argv[1])
options = sys.argv[2:]

if "--unpack" in options:
    with tarfile.open(options[options.index("--unpack") + 1]) as archive:
        archive.extractall(folder)

(text_file,) = folder.glob("*.txt")
stem = text_file.stem
padding = int(dict(line.split(" = ") for line in text_file.read_text().splitlines())["padding"])
mea = np.memmap(folder / f"{stem}.raw", dtype="uint16", mode="r", offset=padding).reshape(-1, CHANNELS)
if "--copy" in options:
    mea = mea.copy()
juxta = np.fromfile(folder / f"{stem}.juxta.raw", dtype="float32")
electrodes = np.array([c for c in range(CHANNELS) if c not in (126, 127, 254, 255)])


def median_mad(x):
    median = np.median(x, axis=0)
    return median, np.median(np.abs(x - median), axis=0) * 1.4826


def detect_peaks(x, threshold):
    centre = x[HALF_WIDTH:-HALF_WIDTH]
    peaks = centre < -threshold
    for d in range(1, HALF_WIDTH + 1):
        peaks &= centre < x[HALF_WIDTH - d : -HALF_WIDTH - d]
        peaks &= centre <= x[HALF_WIDTH + d : x.size - HALF_WIDTH + d]
    return np.flatnonzero(peaks) + HALF_WIDTH


median, mad = median_mad(juxta)
peaks = detect_peaks(juxta, np.float32(median + 8 * mad))
amplitudes = juxta[peaks]
counts, edges = np.histogram(amplitudes, bins=np.arange(amplitudes.min(), 0, 0.5))

inside = peaks[(peaks >= BEFORE) & (peaks + AFTER <= len(mea))]
drawn = np.sort(np.random.default_rng(0).permutation(inside)[:150])
waveforms = np.array([mea[p - BEFORE : p + AFTER][:, electrodes] for p in drawn])
waveform_median, waveform_mad = median_mad(waveforms.astype("float64"))
channel = int(np.argmin(waveform_median.min(axis=0)))

noise_median, noise_mad = median_mad(mea[:, electrodes[channel]].astype("float64"))
peak = waveform_median[:, channel].min() - noise_median
print(f"nb_spike={peaks.size} max_on_channel={channel} peak_value={peak} noise_mad={noise_mad} snr={abs(peak / noise_mad)}")
if "MEASURES" in os.environ:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pathlib.Path(os.environ["MEASURES"]).write_text(json.dumps({"kilobytes": peak}))
