/** Parameters and table of `tasks/listing.ts`. */
import type { TableSchema } from 'groundproof/task';

export const listingParams = {
  type: 'object',
  description: 'Which file of the record.',
  properties: {
    file: { type: 'string', minLength: 1, description: 'Its name there; usually "{recording}.tar.gz".' },
  },
  required: ['file'],
  additionalProperties: false,
} as const;

export const listedTable = {
  description: 'What the record lists of one file: where it is, and how to tell that it is whole.',
  columns: {
    file: { type: 'utf8', description: 'Name of the file.' },
    url: { type: 'utf8', description: 'Where it is downloaded.' },
    bytes: { type: 'int64', unit: 'bytes', description: 'Its size.' },
    md5: { type: 'utf8', description: 'Its MD5, 32 hexadecimal digits.' },
  },
} as const satisfies TableSchema;
