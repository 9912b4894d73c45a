/** Parameters and tables of `tasks/unzip.ts`. */
import type { Row, TableSchema } from 'groundproof/task';

/** The auxiliary channels of the published recordings: the corners of the 16 x 16 grid (triggers and sync). */
export const publishedDroppedChannels = [126, 127, 254, 255] as const;

export const unzipParams = {
  type: 'object',
  description: 'How the recording lies on disk; the defaults are those of the published recordings.',
  properties: {
    mea_dtype: { enum: ['uint16'], default: 'uint16', description: 'Sample type of the MEA file, little-endian.' },
    juxta_dtype: {
      enum: ['float32'],
      default: 'float32',
      description: 'Sample type of the juxtacellular trace, little-endian.',
    },
    channels: {
      type: 'integer',
      minimum: 1,
      maximum: 65536,
      default: 256,
      description: 'Interleaved columns in the MEA file, electrodes or not.',
    },
    sampling_rate: { type: 'number', exclusiveMinimum: 0, default: 20000, description: 'Samples a second (Hz).' },
    dropped_channels: {
      type: 'array',
      items: { type: 'integer', minimum: 0 },
      uniqueItems: true,
      default: publishedDroppedChannels,
      description:
        'File columns, counted from 0, that are no electrodes. Each must be below `channels`; of the default list, those that are.',
    },
    gain: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.1042,
      description: 'Microvolts per step of the MEA converter.',
    },
    offset: { type: 'number', default: 32767, description: 'Converter value that stands for 0 uV.' },
  },
  additionalProperties: false,
} as const;

export const infoTable = {
  description: 'How the recording lies on disk; later steps read sizes and units here.',
  columns: {
    stem: { type: 'utf8', description: 'Common stem of the files in the archive.' },
    padding: { type: 'int64', unit: 'bytes', description: 'Length of the header before the first MEA sample.' },
    samples: { type: 'int64', unit: 'samples', description: 'Samples of every channel and of the juxta trace.' },
    sampling_rate: { type: 'float64', unit: 'Hz', description: 'Samples a second.' },
    channels: { type: 'int32', description: 'Interleaved columns in the MEA file.' },
    dropped_channels: { type: 'utf8', description: 'File columns that are no electrodes, comma-separated.' },
    mea_dtype: { type: 'utf8', description: 'Sample type of the MEA file, NumPy notation (<u2).' },
    juxta_dtype: { type: 'utf8', description: 'Sample type of the juxta trace, NumPy notation (<f4).' },
    gain: { type: 'float64', unit: 'uV', description: 'Microvolts per step of the MEA converter.' },
    offset: { type: 'float64', description: 'Converter value that stands for 0 uV.' },
    modelled: {
      type: 'utf8',
      nullable: true,
      description: 'Which of it is modelled, in words; null of a recording that was recorded.',
    },
  },
} as const satisfies TableSchema;

/** The single row of `infoTable`. */
export type Info = Row<typeof infoTable>;
