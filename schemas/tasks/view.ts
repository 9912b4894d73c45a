/** Parameters of `tasks/view.ts`. */
export const viewParams = {
  type: 'object',
  description: 'What a page shows of one recording.',
  properties: {
    recording: { type: 'string', minLength: 1, description: 'Name of the recording; usually "{recording}".' },
  },
  required: ['recording'],
  additionalProperties: false,
} as const;
