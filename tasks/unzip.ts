/** Unpacks a recording from its archive and describes its layout on disk. */
import { basename } from 'node:path';
import { DataError, defineTask, file, table } from 'groundproof/task';
import { infoTable, publishedDroppedChannels, unzipParams } from '../schemas/tasks/unzip.ts';
import { readArchive } from './lib/recording/archive/archive.ts';
import { readModelled, readPadding } from './lib/recording/header.ts';

export default defineTask({
  inputs: { archive: file() },
  params: unzipParams,
  outputs: {
    mea: file('.raw'),
    juxta: file('.raw'),
    triggers: file('.npy', { optional: true }),
    info: table(infoTable),
  },
  async run({ inputs, params, outputs, progress, signal }) {
    const { channels } = params;
    const dropped = droppedChannels(params.dropped_channels, channels);

    const { stem, meaBytes, juxtaBytes, text, triggers } = await readArchive(
      inputs.archive,
      { mea: (chunk) => outputs.mea.write(chunk), juxta: (chunk) => outputs.juxta.write(chunk) },
      { signal, progress },
    );
    const archive = basename(inputs.archive);
    const padding = readPadding(text, `${stem}.txt in ${archive}`);
    const samples = countSamples({ archive, stem, meaBytes, juxtaBytes, padding, channels });

    if (triggers !== undefined) outputs.triggers.write(triggers);
    await outputs.info.write({
      stem: [stem],
      padding: [padding],
      samples: [samples],
      sampling_rate: [params.sampling_rate],
      channels: [channels],
      dropped_channels: [dropped.join(',')],
      mea_dtype: ['<u2'],
      juxta_dtype: ['<f4'],
      gain: [params.gain],
      offset: [params.offset],
      modelled: [readModelled(text)],
    });
  },
});

/** Returns the dropped channels in order. The published list is the default, so its channels may exceed the file's. */
function droppedChannels(list: readonly number[], channels: number): number[] {
  const published = list.join() === publishedDroppedChannels.join();
  const dropped = list.filter((channel) => !published || channel < channels).sort((a, b) => a - b);
  const outside = dropped.find((channel) => channel >= channels);
  if (outside !== undefined) {
    throw new DataError(
      `dropped_channels has ${outside}, but the file's ${channels} channels are 0 to ${channels - 1}: ` +
        'channels are counted from 0',
    );
  }
  if (dropped.length === channels) throw new DataError(`dropped_channels leaves none of the ${channels} channels`);
  return dropped;
}

interface Sizes {
  readonly archive: string;
  readonly stem: string;
  readonly meaBytes: number;
  readonly juxtaBytes: number;
  readonly padding: number;
  readonly channels: number;
}

/** Returns the number of samples per channel, on which header, array and pipette must agree. */
function countSamples({ archive, stem, meaBytes, juxtaBytes, padding, channels }: Sizes): number {
  const mea = `${stem}.raw in ${archive} has ${meaBytes} bytes`;
  const frame = 2 * channels;
  const samples = (meaBytes - padding) / frame;
  if (samples < 0) {
    throw new DataError(
      `${mea}, fewer than its header: padding = ${padding} in ${stem}.txt; check that, or copy the archive again`,
    );
  }
  if (!Number.isInteger(samples)) {
    const left = (meaBytes - padding) % frame;
    throw new DataError(
      `${mea}; less ${padding} of header that is not a whole number of frames of ${frame} bytes ` +
        `(${channels} channels of uint16): ${left === 1 ? '1 byte is' : `${left} bytes are`} left over; ` +
        `check padding in ${stem}.txt and the parameter channels`,
    );
  }
  if (juxtaBytes % 4 !== 0) {
    throw new DataError(
      `${stem}.juxta.raw in ${archive} has ${juxtaBytes} bytes, not a whole number of float32 samples of 4 bytes; copy the archive again`,
    );
  }
  if (juxtaBytes / 4 !== samples) {
    throw new DataError(
      `${archive}: the array has ${samples} samples (${meaBytes} bytes, ${padding} of header, ${channels} channels), ` +
        `the juxtacellular trace ${juxtaBytes / 4}; expected as many: check padding in ${stem}.txt and the parameter channels`,
    );
  }
  if (samples === 0)
    throw new DataError(
      `${mea}, all of them header (padding = ${padding} in ${stem}.txt): the recording has no samples`,
    );
  return samples;
}
