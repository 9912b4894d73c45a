/**
 * The pipeline document, for editors and for `pipeline/check/validate.ts`. References to other parts of the document
 * (names, kinds, parameters) are checked by `pipeline/check/check.ts`. `errorMessage` describes a mistake by a whole
 * sentence; editors that know the keyword show it too.
 */
import { columnName, columnProperties } from './task-interface.ts';

/** Folders get these names, and file systems allow 255 bytes. */
const pattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$';

const oneSource = {
  oneOf: [{ required: ['file'] }, { required: ['files'] }, { required: ['from'] }],
  errorMessage: "an input in { } has one of 'file', 'files' and 'from'",
} as const;

const input = {
  type: ['string', 'object'],
  description:
    "Another step's output, `step.port`, or { file: path }, or { files: pattern }, or { from: step.port, partial: true }.",
  errorMessage: "an input is another step's output, such as unzip.juxta, or { file: path }, or { from: step.port }",
  properties: {
    file: {
      type: 'string',
      minLength: 1,
      description:
        "A file or folder of your own, relative to the pipeline's folder. `{recording}` stands for the recording.",
    },
    files: {
      type: 'string',
      minLength: 1,
      description: 'Shell steps only: all files of your own that match a pattern, such as src/**/*.ts.',
    },
    except: {
      type: ['string', 'array'],
      minLength: 1,
      items: { type: 'string', minLength: 1 },
      errorMessage: "'except' is a pattern, such as **/*.test.ts, or a list of patterns",
      description: 'Patterns of files and folders that `files` leaves out: one, or a list.',
    },
    from: { type: 'string', minLength: 1, description: "Another step's output: `step.port`." },
    partial: {
      type: 'boolean',
      default: false,
      description: 'For an input that gathers all recordings: under --keep-going, take those that succeeded.',
    },
  },
  additionalProperties: false,
  dependentRequired: { partial: ['from'], except: ['files'] },
  if: { type: 'object' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: oneSource,
} as const;

const column = {
  type: 'object',
  description: 'A column of a table.',
  properties: columnProperties,
  required: ['type'],
  additionalProperties: false,
  if: { required: ['type'], properties: { type: { const: 'list' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['of'], properties: { of: columnProperties.of } },
  else: {
    properties: {
      of: { not: {}, errorMessage: "'of' is the type of a list's numbers: it goes only with type: list" },
      size: { not: {}, errorMessage: "'size' is the length of a list: it goes only with type: list" },
    },
  },
} as const;

const extension = {
  type: ['string'],
  pattern: '^(\\.[A-Za-z0-9_-]+)+$',
  errorMessage: 'the file of an output is given by its file name extension, such as .npz',
  description: 'The file name extension.',
} as const;

const output = {
  ...extension,
  type: ['string', 'object'],
  description: 'A file name extension, or { file: .ext, optional: true }, { folder: true } or { table: columns }.',
  errorMessage:
    'an output is given by its file name extension, such as .npz, or as { file: .npz }, { folder: true } or { table: { column: { type: float64 } } }',
  properties: {
    file: extension,
    folder: {
      const: true,
      errorMessage: "'folder' can only be true",
      description: 'A folder, which is empty when the command begins.',
    },
    table: {
      type: 'object',
      minProperties: 1,
      errorMessage: "'table' holds the columns by name, such as { time: { type: float64, unit: s } }",
      description: 'The columns of a table, by name. It is checked and stored as an Arrow file.',
      propertyNames: {
        pattern: columnName,
        errorMessage: "a column's name may hold only letters, digits and '_', and begins with no digit",
      },
      additionalProperties: column,
    },
    from: {
      enum: ['arrow', 'csv'],
      default: 'arrow',
      description: 'The form in which the command writes the table: an Arrow file or stream, or a CSV.',
    },
    description: { type: 'string', description: 'Of a table: the meaning of a row.' },
    optional: { type: 'boolean', default: false, description: 'Whether the command may leave it out.' },
  },
  additionalProperties: false,
  dependentRequired: { from: ['table'], description: ['table'] },
  if: { type: 'object' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    oneOf: [{ required: ['file'] }, { required: ['folder'] }, { required: ['table'] }],
    errorMessage: "an output in { } has one of 'file', 'folder' and 'table'",
  },
} as const;

const amounts = {
  cpus: { type: 'integer', minimum: 1, description: 'Processors. By default 1.' },
  memory: {
    // A list, so that a number gets the `errorMessage` below instead of the hint to put it in quotes.
    type: ['string'],
    pattern: '^(?=.*[1-9])[0-9]+(\\.[0-9]+)? ?[kKmMgGtT]i?[bB]?$',
    errorMessage: "'memory' is a size with its unit, such as 500MB or 4GB",
    description: 'Memory, such as 500MB or 4GB (GB: 1000 MB, GiB: 1024 MiB).',
  },
  time: {
    type: ['string', 'number'],
    pattern: '^(?=.*[1-9])[0-9]+(\\.[0-9]+)? ?[smhd]$',
    exclusiveMinimum: 0,
    errorMessage: "'time' is a duration, such as 90s, 30m, 2h or 1d, or a number of seconds",
    description: 'Time limit of an action: 90s, 30m, 2h, 1d, or a number of seconds.',
  },
} as const;

/** Slurm's own names: passed on unchanged, a single word each. */
const word = {
  type: 'string',
  pattern: '^[^\\s-]\\S*$',
} as const;

const slurm = {
  type: 'object',
  description: 'Settings of the jobs if the pipeline runs on Slurm.',
  properties: {
    partition: {
      ...word,
      errorMessage: "'partition' is the name of a partition; sinfo lists them",
      description: "Partition, or several with commas between. By default the cluster's own.",
    },
    account: {
      ...word,
      errorMessage: "'account' is the name of an account",
      description: "The account that pays for the jobs. By default the user's own.",
    },
    cpus: { ...amounts.cpus, description: 'Processors of steps without `cpus`. By default 1.' },
    memory: { ...amounts.memory, description: "Memory of steps without `memory`. By default the cluster's own." },
    time: { ...amounts.time, description: "Time limit of steps without `time`. By default the cluster's own." },
    options: {
      type: 'array',
      description: 'More options of sbatch, such as --qos=long.',
      items: {
        type: 'string',
        pattern: '^--[a-z][a-z0-9-]*(=.*)?$',
        errorMessage: "an option of sbatch is written '--name' or '--name=value'",
      },
    },
  },
  additionalProperties: false,
} as const;

const step = {
  type: 'object',
  description: 'A task with its inputs and parameters.',
  properties: {
    uses: {
      type: 'string',
      minLength: 1,
      description: 'The task module: `./tasks/detect.ts`, or `package/task` of an installed package.',
    },
    shell: {
      type: 'string',
      minLength: 1,
      description:
        'A command for bash, run in an empty private folder. {inputs.x}, {outputs.x}, {params.x} and {recording} stand for quoted values; {inputs.x.list} for a file with the paths of an input that is a list, a path per line.',
    },
    each: {
      enum: ['recording'],
      errorMessage: "'each' must be 'recording': the step runs once for each of them",
      description: 'Run the step once for each recording. Without it the step runs once and gathers all recordings.',
    },
    inputs: {
      type: 'object',
      description: 'The source of each input.',
      propertyNames: {
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$',
        errorMessage: "an input's name may hold only letters, digits, '_' and '-'",
      },
      additionalProperties: input,
    },
    params: { type: 'object', description: "The task's parameters. Missing parameters have the task's defaults." },
    outputs: {
      type: 'object',
      description: 'Shell steps only: each output with its file name extension, or as a folder or table.',
      propertyNames: {
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$',
        errorMessage: "an output's name may hold only letters, digits, '_' and '-'",
      },
      additionalProperties: output,
    },
    env: {
      type: 'object',
      description:
        'Shell steps only: environment variables. A command sees only these, PATH, and the HOME, TMPDIR, TZ and LANG that the engine sets.',
      propertyNames: {
        pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
        errorMessage: "an environment variable's name may hold only letters, digits and '_'",
      },
      additionalProperties: { type: 'string' },
    },
    cwd: {
      enum: ['project'],
      errorMessage:
        "'cwd' can only be 'project': the command runs in the folder of the pipeline; leave it out for a private folder",
      description:
        'Shell steps only: run in the folder of the pipeline instead, with absolute paths. Changes of files that the command reads there are not noticed.',
    },
    timeout: { type: 'number', exclusiveMinimum: 0, description: 'Seconds after which an action is stopped.' },
    retries: {
      type: 'integer',
      minimum: 0,
      default: 0,
      description: 'The number of further attempts after an action has failed.',
    },
    resources: {
      type: 'object',
      description: 'The resources that an action needs, on this machine or a cluster. Not part of the key.',
      properties: amounts,
      additionalProperties: false,
    },
  },
  additionalProperties: false,
  dependentRequired: { outputs: ['shell'], env: ['shell'], cwd: ['shell'] },
  oneOf: [{ required: ['uses'] }, { required: ['shell'] }],
  errorMessage: "a step has either 'uses' (a task module) or 'shell' (a command)",
} as const;

export const pipelineSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'groundproof pipeline',
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, description: "The pipeline's name in reports." },
    include: {
      type: ['string', 'array'],
      minLength: 1,
      items: { type: 'string', minLength: 1 },
      description:
        'Files that this file adds to and changes (null removes): ./common.yaml, relative to this file, or a file of an npm package.',
      errorMessage: "'include' is a file, such as ./common.yaml, or a list of files",
    },
    each: {
      type: 'object',
      description: 'The items for which steps can run.',
      properties: {
        recording: {
          type: 'array',
          description: 'The recordings, in the order in which they are listed and gathered.',
          items: {
            type: 'string',
            pattern,
            errorMessage:
              "a recording's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100",
          },
        },
      },
      additionalProperties: false,
    },
    steps: {
      type: 'object',
      minProperties: 1,
      description: 'The steps, by name.',
      errorMessage: "'steps' must hold at least one step, by name",
      propertyNames: {
        pattern,
        errorMessage:
          "a step's name starts with a letter or digit and holds only letters, digits, '.', '_', '-', at most 100",
      },
      additionalProperties: step,
    },
    on: {
      enum: ['local', 'slurm'],
      default: 'local',
      description: 'Where actions are executed: on this machine, or as jobs on a Slurm cluster.',
    },
    slurm,
    profiles: {
      type: 'object',
      description: 'Named changes: --profile NAME applies its change as a JSON Merge Patch (null removes).',
      additionalProperties: { type: 'object' },
    },
  },
  patternProperties: { '^x-': { description: 'Ignored: a place for anchors that aliases use.' } },
  required: ['steps'],
  additionalProperties: false,
} as const;
