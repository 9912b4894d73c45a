/** Parameters of `tasks/report.ts`. */
export const reportParams = {
  type: 'object',
  description: 'How the page is headed.',
  properties: {
    title: { type: 'string', minLength: 1, default: 'Is the ground truth true?', description: 'Title of the page.' },
  },
  additionalProperties: false,
} as const;
