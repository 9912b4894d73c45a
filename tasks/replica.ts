/**
 * Makes an archive of the published format from a recording's published figures: its spikes and its noise. All other
 * content is modelled.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { defineTask, file } from 'groundproof/task';
import { replicaParams } from '../schemas/tasks/replica.ts';
import { encodeNpySamples } from './lib/recording/npy.ts';
import { arrayModel } from './lib/replica/array-model.ts';
import { readFacts } from './lib/replica/facts.ts';
import { juxtaTrace } from './lib/replica/juxta-trace.ts';
import { mcsHeader } from './lib/replica/mcs-header.ts';
import { meaBlocks } from './lib/replica/mea-blocks.ts';
import { missedSpikes } from './lib/replica/missed-spikes.ts';
import { otherCells } from './lib/replica/other-cells.ts';
import { MEA_SHAPE } from './lib/replica/spike-shapes.ts';
import { mergeSpikes } from './lib/replica/spikes.ts';
import { stemOf, stemText } from './lib/replica/stem-text.ts';
import { readTabledSpikes } from './lib/replica/tabled-spikes.ts';
import { tarGzip } from './lib/replica/tar-gzip.ts';
import { randomSource } from './lib/statistics/random.ts';

export default defineTask({
  inputs: { peaks: file(), facts: file() },
  params: replicaParams,
  outputs: { archive: file('.tar.gz') },
  async run({ inputs, params, outputs, log, progress, signal }) {
    const { recording, electrodes: columns } = params;
    const seed = (params.seed + hash(recording)) | 0;
    const facts = readFacts(readFileSync(inputs.facts, 'utf8'), basename(inputs.facts), recording);
    const tabled = readTabledSpikes(readFileSync(inputs.peaks, 'utf8'), basename(inputs.peaks), facts);
    const missed = missedSpikes(tabled, facts, randomSource(seed));
    const spikes = mergeSpikes(tabled, missed);
    const juxta = juxtaTrace(facts, spikes, randomSource(seed + 1));
    const random = randomSource(seed + 2);
    const array = arrayModel(columns, params.snr, random);
    const cell = { spikes: spikes.sampleIndex, depth: array.depth, shape: MEA_SHAPE };
    const others = otherCells(array, facts.nSamples, randomSource(seed + 3));
    log(`${tabled.sampleIndex.length} spikes, and ${missed.sampleIndex.length} modelled below the threshold`);

    const stem = stemOf(recording);
    const triggers = encodeNpySamples(BigInt64Array.from(tabled.sampleIndex, BigInt));
    const text = Buffer.from(
      stemText({ recording, tabled, missed, channel: array.nearest, otherCells: others.length }),
    );
    const header = mcsHeader(stem, columns);
    const meaSize = header.length + 2 * columns * facts.nSamples;
    let written = 0;
    async function* mea(): AsyncGenerator<Uint8Array> {
      yield header;
      for (const block of meaBlocks(array, juxta, [cell, ...others], random)) {
        await setImmediate(undefined, { signal });
        yield block;
        written += block.length;
        progress(written / meaSize);
      }
    }

    const archive = tarGzip(params.gzip_level, (chunk) => outputs.archive.write(chunk));
    await archive.file(`${stem}.juxta.raw`, juxta.byteLength, [bytesOf(juxta)]);
    await archive.file(`${stem}.raw`, meaSize, mea());
    await archive.file(`${stem}.triggers.npy`, triggers.length, [triggers]);
    await archive.file(`${stem}.txt`, text.length, [text]);
    archive.end();
  },
});

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** FNV-1a: gives recordings with the same seed different noise. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
