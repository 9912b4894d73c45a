/** Makes a recording of known truth as an archive of the published format, and a table of the true spikes of every cell. */
import { DataError, defineTask, file, table } from 'groundproof/task';
import { simulateParams, truthTable } from '../schemas/tasks/simulate.ts';
import { encodeNpySamples } from './lib/recording/npy.ts';
import { mcsHeader, PADDING } from './lib/replica/mcs-header.ts';
import { tarGzip } from './lib/replica/tar-gzip.ts';
import { arrayFrames, simulateRecording } from './lib/synthetic/evaluate.ts';
import { scenarioOf } from './lib/synthetic/scenarios.ts';
import type { TrueSpikes } from './lib/synthetic/simulate.ts';

export default defineTask({
  inputs: {},
  params: simulateParams,
  outputs: { archive: file('.tar.gz'), truth: table(truthTable) },
  async run({ params, outputs, log }) {
    const { scenario, level, seed, electrodes, snr } = params;
    const { levels, varies } = scenarioOf(scenario);
    if (!levels.includes(level)) {
      throw new DataError(`${scenario} has no level ${level} (${varies}); it has ${levels.join(', ')}`);
    }
    const { simulated } = simulateRecording({ scenario, level, seed });
    const frames = arrayFrames(simulated, { electrodes, snr }, seed);
    const { cell, others, artefacts, trace } = simulated;
    log(`${cell.at.length} spikes in ${trace.length / simulated.samplingRate} s`);

    const stem = `${scenario}_${level}`;
    const header = mcsHeader(stem, electrodes);
    const triggers = encodeNpySamples(BigInt64Array.from(cell.at, BigInt));
    const text = Buffer.from(stemText(stem, cell));
    const archive = tarGzip(0, (chunk) => outputs.archive.write(chunk));
    await archive.file(`${stem}.juxta.raw`, trace.byteLength, [bytesOf(trace)]);
    await archive.file(`${stem}.raw`, header.length + frames.byteLength, [header, bytesOf(frames)]);
    await archive.file(`${stem}.triggers.npy`, triggers.length, [triggers]);
    await archive.file(`${stem}.txt`, text.length, [text]);
    archive.end();

    const sources = [
      { source: 'cell', spikes: cell },
      ...others.map((spikes, row) => ({ source: `other ${row + 1}`, spikes })),
      { source: 'artefact', spikes: artefacts },
    ];
    await outputs.truth.write({
      source: sources.flatMap(({ source, spikes }) => spikes.at.map(() => source)),
      sample_index: BigInt64Array.from(
        sources.flatMap(({ spikes }) => spikes.at),
        BigInt,
      ),
      height: sources.flatMap(({ spikes }) => spikes.height),
    });
  },
});

function stemText(stem: string, cell: TrueSpikes): string {
  const lines = [
    'threshold = 8',
    `name = ${stem}`,
    'juxta_channel = 0',
    'min_peak = 0',
    'channel = 0',
    `padding = ${PADDING}`,
    `true_spikes = ${cell.at.length}`,
    'modelled = all of it, a simulation of known truth',
  ];
  return `${lines.join('\n')}\n`;
}

function bytesOf(samples: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
