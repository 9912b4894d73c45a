/** Parameters of `tasks/replica.ts`. */
export const replicaParams = {
  type: 'object',
  description: 'Which published recording to make a replica of, and how.',
  properties: {
    recording: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      maxLength: 64,
      description: 'Name of the recording, an entry in recordings.yaml; usually "{recording}".',
    },
    electrodes: {
      type: 'integer',
      minimum: 1,
      maximum: 256,
      default: 4,
      description: 'Columns of the MEA file; 256 is the published format: 252 electrodes and 4 auxiliary columns.',
    },
    snr: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: 10,
      description: "Depth of the spike on the electrode next to the cell, in that electrode's noise MADs.",
    },
    seed: { type: 'integer', default: 0, description: 'Of all that is random; its low 32 bits count.' },
    gzip_level: {
      type: 'integer',
      minimum: 0,
      maximum: 9,
      default: 0,
      description: 'Compression of the archive. Only 0, none, gives the same bytes with every version of Node.',
    },
  },
  required: ['recording'],
  additionalProperties: false,
} as const;
