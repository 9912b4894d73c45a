/** Parameters of `tasks/download.ts`: there are none, since how it is fetched does not change what is. */
export const downloadParams = {
  type: 'object',
  description: 'None: the file is as it is listed.',
  properties: {},
  additionalProperties: false,
} as const;
