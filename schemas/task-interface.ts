/** A task's declaration, checked when the task is loaded, because a task from a package is not type-checked here. */
export const columnName = '^[A-Za-z_][A-Za-z0-9_]*$';
const name = columnName;

const NUMBERS = [
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
] as const;

export const columnProperties = {
  type: { enum: [...NUMBERS, 'date', 'timestamp', 'bool', 'utf8', 'binary', 'list'] },
  description: { type: 'string', description: 'One sentence for a reader who sees only the file.' },
  unit: { type: 'string', description: 'SI symbol or a plain word.' },
  nullable: { type: 'boolean', description: 'Whether a value may be missing.' },
  zone: { type: 'string', minLength: 1, description: 'Of a timestamp: the zone in which to show it.' },
  of: { enum: NUMBERS, description: 'Of a list: the type of its numbers.' },
  size: { type: 'integer', minimum: 1, description: 'Of a list: how many numbers each row has.' },
} as const;

const tableSchema = {
  type: 'object',
  properties: {
    description: { type: 'string', description: 'The meaning of a row.' },
    columns: {
      type: 'object',
      description: 'Columns in the order in which they are written.',
      minProperties: 1,
      propertyNames: { pattern: name },
      additionalProperties: {
        type: 'object',
        properties: columnProperties,
        if: { properties: { type: { const: 'list' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ['of'] },
        else: { properties: { of: false, size: false } },
        required: ['type', 'description'],
        additionalProperties: false,
      },
    },
  },
  required: ['description', 'columns'],
  additionalProperties: false,
} as const;

const optional = { type: 'boolean', description: 'Whether it may be absent.' } as const;

const file = {
  type: 'object',
  properties: { kind: { const: 'file' }, extension: { type: 'string', pattern: '^(\\.[A-Za-z0-9_]+)+$' }, optional },
  required: ['kind'],
  additionalProperties: false,
} as const;

const folder = {
  type: 'object',
  properties: { kind: { const: 'folder' }, optional },
  required: ['kind'],
  additionalProperties: false,
} as const;

const table = {
  type: 'object',
  properties: {
    kind: { const: 'table' },
    table: tableSchema,
    optional,
    csv: { type: 'boolean', description: 'Write a CSV beside the Arrow file.' },
    headline: { type: 'string', description: 'The column that terminal, diff and sweep show first.' },
  },
  required: ['kind', 'table'],
  additionalProperties: false,
} as const;

const figure = {
  type: 'object',
  properties: { kind: { const: 'figure' } },
  required: ['kind'],
  additionalProperties: false,
} as const;

const byKind = (...ports: { properties: { kind: { const: string } } }[]) => ({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: ports,
});

const gathered = {
  type: 'object',
  properties: { kind: { const: 'gathered' }, of: byKind(file, folder, table) },
  required: ['kind', 'of'],
  additionalProperties: false,
} as const;

export const taskInterfaceSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A groundproof task: its inputs, parameters and outputs',
  type: 'object',
  properties: {
    inputs: {
      type: 'object',
      propertyNames: { pattern: name },
      additionalProperties: byKind(file, folder, table, gathered),
    },
    params: {
      type: 'object',
      description: 'A JSON Schema of type object.',
      properties: { type: { const: 'object' } },
      required: ['type'],
    },
    outputs: {
      type: 'object',
      propertyNames: { pattern: name },
      additionalProperties: byKind(file, folder, table, figure),
    },
    network: {
      type: 'boolean',
      description:
        'The task downloads data that its parameters and inputs name, and checks them; verify does not execute it again.',
    },
  },
  required: ['inputs', 'params', 'outputs'],
  additionalProperties: false,
};
