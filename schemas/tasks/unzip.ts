/** Parameters and tables of `tasks/unzip.ts`. */
import type { TableSchema } from 'groundwork/task';

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
  },
} as const satisfies TableSchema;
