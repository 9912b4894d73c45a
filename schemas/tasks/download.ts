/** Parameters of `tasks/download.ts`: an empty object, since the way of downloading does not change the data. */
export const downloadParams = {
  type: 'object',
  description: 'None: the file is as it is listed.',
  properties: {},
  additionalProperties: false,
} as const;
