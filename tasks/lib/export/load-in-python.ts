/** Python code that reads the exported folder: pairs of a recording and its truth by name. It is part of the export. */
export const loadInPython = `
import json
from pathlib import Path
import numpy as np
import spikeinterface.core as si

folder = Path("out/export/ground_truth")
datasets = {}
for entry in json.loads((folder / "ground_truth.json").read_text())["recordings"]:
    if entry["verdict"] == "accept":
        recording = si.read_binary(folder / entry["mea"]["file"], **entry["read_binary"])
        recording = recording.select_channels(entry["electrodes"])
        if entry["positions"] is not None:
            recording.set_dummy_probe_from_locations(np.array(entry["positions"]))
        truth = si.read_npz_sorting(folder / entry["recording"] / "sorting.npz")
        periods = np.load(folder / entry["recording"] / "accepted_periods.npy")
        datasets[entry["recording"]] = (recording, truth.select_periods(periods))
`
  .trim()
  .split('\n');
