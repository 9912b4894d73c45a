/** Asks the array, which recorded the same cell: which spikes of the pipette did it see, and which did the pipette miss? */
import { defineTask, file, table } from 'groundproof/task';
import { belowThresholdTable, noiseTable, peaksTable } from '../schemas/tasks/detect.ts';
import { channelNoiseTable } from '../schemas/tasks/noise.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { waveformsTable } from '../schemas/tasks/waveforms.ts';
import {
  missedCandidatesTable,
  missedWaveformTable,
  spikeScoresTable,
  tailScoresTable,
  witnessParams,
  witnessTable,
} from '../schemas/tasks/witness.ts';
import { peakSignOf } from './lib/detection/peak-sign.ts';
import { PEAK_BIN } from './lib/detection/peaks.ts';
import { readJuxta } from './lib/recording/juxta.ts';
import { withMea } from './lib/recording/mea.ts';
import { readTraces } from './lib/witness/array-traces.ts';
import { bestElectrodes } from './lib/witness/electrodes.ts';
import { heightAt, meanAround } from './lib/witness/pipette-trace.ts';
import { type SilentReason, type Testimony, testify } from './lib/witness/testify.ts';
import { candidateOwners, whoseIs } from './lib/witness/whose.ts';

export default defineTask({
  inputs: {
    mea: file(),
    juxta: file(),
    info: table(infoTable),
    peaks: table(peaksTable),
    noise: table(noiseTable),
    below_threshold: table(belowThresholdTable),
    waveforms: table(waveformsTable),
    channel_noise: table(channelNoiseTable),
  },
  params: witnessParams,
  outputs: {
    witness: table(witnessTable),
    spike_scores: table(spikeScoresTable),
    tail_scores: table(tailScoresTable),
    missed_candidates: table(missedCandidatesTable),
    missed_waveform: table(missedWaveformTable),
  },
  async run({ inputs, outputs, log, progress, signal }) {
    const info = await inputs.info.row();
    const samplingRate = info.sampling_rate;
    const { sample_index: peakIndexes, amplitude } = await inputs.peaks.columns();
    const below = await inputs.below_threshold.columns();
    const noise = await inputs.channel_noise.columns();
    const { median: baseline, mad } = await inputs.noise.row();
    const spikes = Array.from(peakIndexes, Number);
    const tail = Array.from(below.sample_index, Number);

    const template = bestElectrodes(waveformIn(await inputs.waveforms.columns()), noise, samplingRate);
    const answer = await askArray();
    const silent = typeof answer === 'string' ? answer : null;
    const testimony = typeof answer === 'string' ? null : answer;
    log(
      silent ??
        `matched-filter SNR ${testimony?.snr.toFixed(1)}, ${testimony?.candidates.filter(({ counted }) => counted).length} events like the cell elsewhere`,
    );

    const { trace } = readJuxta(inputs.juxta, info, PEAK_BIN);
    const pipette = { trace, baseline, mad, sign: peakSignOf(amplitude, baseline), samplingRate };
    await outputs.witness.write(witnessRow(testimony, silent, template?.electrodes ?? []));
    await outputs.spike_scores.write({
      sample_index: (testimony?.spikes ?? []).map(({ spike }) => spike),
      score: (testimony?.spikes ?? []).map(({ score }) => score),
      clear: (testimony?.spikes ?? []).map(({ clear }) => clear),
    });
    await outputs.tail_scores.write({
      sample_index: (testimony?.tail ?? []).map(({ spike }) => spike),
      score: (testimony?.tail ?? []).map(({ score }) => score),
      whose: (testimony?.tail ?? []).map(whoseIs),
    });
    const candidates = testimony?.candidates ?? [];
    const counted = candidates.filter((candidate) => candidate.counted);
    await outputs.missed_candidates.write({
      sample_index: candidates.map(({ at }) => at),
      time: candidates.map(({ at }) => at / samplingRate),
      score: candidates.map(({ score }) => score),
      in_burst: candidates.map(({ inBurst }) => inBurst),
      counted: candidates.map(({ counted }) => counted),
      whose: testimony === null ? [] : candidateOwners(candidates, testimony.counts),
      height: candidates.map(({ at }) => heightAt(pipette, at)),
    });
    const around = meanAround(
      pipette,
      counted.map(({ at }) => at),
    );
    await outputs.missed_waveform.write({ sample: around.samples, mean: around.mean });

    async function askArray(): Promise<Testimony | SilentReason> {
      if (template === null) return 'no waveform';
      if (template.electrodes.length < 2) return 'one electrode';
      return withMea(inputs.mea, info, async (mea) => {
        const traces = await readTraces(mea, template.electrodes, noise, (fraction) => {
          progress(fraction);
          signal.throwIfAborted();
        });
        return testify({ traces, template, spikes, tail, samplingRate });
      });
    }
  },
});

/** Reads the table of `waveforms`, which has the electrodes one after the other. */
function waveformIn({ sample, median }: { readonly sample: Int32Array; readonly median: Float64Array }): {
  readonly before: number;
  readonly width: number;
  readonly median: Float64Array;
} {
  const first = sample[0] ?? 0;
  const repeat = sample.indexOf(first, 1);
  return { before: -first, width: repeat === -1 ? sample.length : repeat, median };
}

function witnessRow(testimony: Testimony | null, silent: SilentReason | null, electrodes: readonly number[]) {
  const { groups = null, counts = null } = testimony ?? {};
  return {
    silent: [silent],
    snr: [testimony?.snr ?? null],
    electrodes: [electrodes.join(',')],
    looked_up: [testimony?.spikes.length ?? null],
    unseen: [testimony?.unseen ?? null],
    passing: [testimony?.passing ?? null],
    separation: [groups?.separation ?? null],
    valley: [groups?.valley ?? null],
    second_share: [groups?.share ?? null],
    matched: [counts?.matched ?? null],
    unmatched: [counts?.unmatched ?? null],
    refractory: [counts?.refractory ?? null],
    following: [counts?.following ?? null],
    preceding: [counts?.preceding ?? null],
    outside: [counts === null ? null : BigInt(counts.outside)],
    inside: [counts === null ? null : BigInt(counts.inside)],
  };
}
