/** Parameters of `tasks/export.ts`. */
export const exportParams = {
  type: 'object',
  description: 'What is exported follows from the inputs alone.',
  properties: {},
  additionalProperties: false,
} as const;
